import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync'
import * as Y from 'yjs'
import type { Clock, Instant } from '@dongbo/kernel/clock.ts'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import {
  MESSAGE_AWARENESS,
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_SYNC,
  MESSAGE_WELCOME,
  readClientMessage,
  readRefused,
  readSaved,
  readWelcome,
  releaseMessage,
  SYNC_STEP_1,
  SYNC_STEP_2,
} from '@dongbo/protocol/messages.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import type { Socket } from '@dongbo/sync/ports/socket.ts'
import type { Membership } from '@dongbo/sync/room/registry.ts'

/** What a peer was told about somebody present. */
export interface Shown {
  readonly personId: string
  readonly name: string
  readonly bodyId: string
}

/** y-protocols `awareness.js`: `outdatedTimeout`. */
const FORGOTTEN_AFTER_MS = 30_000

/**
 * One person's page in a simulated world: speaks the protocol as our client does, on queues that the script delivers.
 * Takes up the client id that it is leased, keeps its copy through cuts, and starts afresh when it is refused.
 */
export class Peer {
  readonly principal: Principal
  readonly sessionId: string
  matrix: MatrixDocument = openMatrix(new Y.Doc())
  /** The history that the copy belongs to, once something was heard of it. */
  generation: string | null = null
  /** Why the server refused what this page sent, oldest first. */
  readonly refusals: string[] = []
  /** Updates that the server has called durable. */
  readonly acknowledged: Uint8Array[] = []
  closedBecause: CloseReason | null = null
  readonly #clock: Pick<Clock, 'now'>
  readonly #present = new Map<number, { readonly shown: Shown; readonly heardAt: Instant }>()
  #up: Uint8Array[] = []
  #down: Uint8Array[] = []
  #seat: Membership | null = null
  /** Document messages of the present socket, and how many of them the server has called durable. */
  #sent: Uint8Array[] = []
  #confirmed = 0
  readonly #used = new Set<number>()
  /**
   * The server leased another id than the one that this copy has written under, because it cannot know whether the copy is
   * the only one: then it takes no chances with what was written there.
   */
  #isDoubted = false
  #leased: number | null = null
  #synced = false
  #cursorClock = 0
  /** The network has repeated or exchanged frames, so counts mean nothing any more on this socket. */
  #garbled = false

  constructor(principal: Principal, sessionId: string, clock: Pick<Clock, 'now'>) {
    this.#clock = clock
    this.principal = principal
    this.sessionId = sessionId
    this.#watch()
  }

  /** The server's end of this page's socket. */
  readonly socket: Socket = {
    queuedBytes: 0,
    send: (message) => {
      this.#down.push(message.slice())
    },
    close: (reason) => {
      this.closedBecause = reason
    },
    pause: () => undefined,
    resume: () => undefined,
  }

  /** Everybody who is here, as this page was told. Clients of y-protocols forget whom they have not heard of for 30 s. */
  get present(): readonly Shown[] {
    const since = this.#clock.now() - FORGOTTEN_AFTER_MS
    return [...this.#present.values()].flatMap(({ shown, heardAt }) => (heardAt < since ? [] : [shown]))
  }

  get connected(): boolean {
    return this.#seat !== null
  }

  get synced(): boolean {
    return this.#synced
  }

  get underWay(): number {
    return this.#up.length + this.#down.length
  }

  /** The client id that the copy has written under, or null when it has written nothing. */
  get usedClientId(): number | null {
    const { doc } = this.matrix
    return Y.getState(doc.store, doc.clientID) > 0 ? doc.clientID : null
  }

  /** Whether everything that this page has sent on its socket is known to be durable. */
  get isSaved(): boolean {
    return this.#confirmed === this.#sent.length && this.#up.length === 0
  }

  /** Whether this page has ever written under a client id. */
  wroteUnder(clientId: number): boolean {
    return this.#used.has(clientId)
  }

  edit(what: (matrix: MatrixDocument) => void): void {
    what(this.matrix)
    this.#used.add(this.matrix.doc.clientID)
  }

  /** Whether the copy holds anything of the document. */
  get holdsContent(): boolean {
    return this.matrix.doc.store.clients.size > 0
  }

  opened(seat: Membership): void {
    this.#seat = seat
    this.closedBecause = null
    this.#sent = []
    this.#confirmed = 0
    this.#synced = false
    this.#garbled = false
    this.#present.clear()
    this.#send((encoder) => writeSyncStep1(encoder, this.matrix.doc))
  }

  /** The line breaks: what was under way is lost. */
  cut(): void {
    this.#up = []
    this.#down = []
    this.#seat?.leave()
    this.#seat = null
    this.#synced = false
    this.#present.clear()
  }

  /** The page is closed; it gives its client id back when the server has confirmed everything. */
  closePage(): void {
    const nothingWaits = this.#synced && this.#confirmed === this.#sent.length && this.#up.length === 0
    if (nothingWaits) this.#seat?.receive(releaseMessage())
    this.cut()
    this.startAfresh()
  }

  /** Drops the copy. The next socket asks for everything. */
  startAfresh(): void {
    this.matrix.doc.destroy()
    this.matrix = openMatrix(new Y.Doc())
    this.generation = null
    this.#isDoubted = false
    this.#leased = null
    this.#watch()
    this.cut()
  }

  /** Delivers the oldest message in one direction. False when there is none. */
  deliver(way: 'up' | 'down'): boolean {
    const message = (way === 'up' ? this.#up : this.#down).shift()
    if (message === undefined) return false
    if (way === 'up') this.#seat?.receive(message)
    else this.#hear(message)
    return true
  }

  setCursor(cursor: object): void {
    if (this.#seat === null) return
    const body = encoding.createEncoder()
    encoding.writeVarUint(body, 1)
    encoding.writeVarUint(body, this.matrix.doc.clientID)
    encoding.writeVarUint(body, ++this.#cursorClock)
    encoding.writeVarString(body, JSON.stringify({ cursor, user: { name: 'Chủ tịch', personId: 'forged' } }))
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, MESSAGE_AWARENESS)
    encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body))
    this.#up.push(encoding.toUint8Array(encoder))
  }

  /** Puts any bytes on the wire, as a hostile client does. */
  sendRaw(message: Uint8Array): void {
    this.#garbled = true
    if (this.#seat !== null) this.#up.push(message)
  }

  repeatOldest(): void {
    const [oldest] = this.#up
    if (oldest !== undefined) this.sendRaw(oldest)
  }

  swapOldest(): void {
    this.#garbled = true
    const [first, second, ...rest] = this.#up
    if (first !== undefined && second !== undefined) this.#up = [second, first, ...rest]
  }

  #hear(message: Uint8Array): void {
    const decoder = decoding.createDecoder(message)
    switch (decoding.readVarUint(decoder)) {
      case MESSAGE_SYNC: {
        const encoder = encoding.createEncoder()
        encoding.writeVarUint(encoder, MESSAGE_SYNC)
        const type = readSyncMessage(decoder, encoder, this.matrix.doc, this)
        if (type === SYNC_STEP_2) this.#loaded()
        if (encoding.length(encoder) > 1) this.#push(encoding.toUint8Array(encoder))
        return
      }
      case MESSAGE_WELCOME: {
        const { generation, clientId } = readWelcome(decoder)
        this.generation = generation
        this.#leased = clientId
        this.#isDoubted ||= this.usedClientId !== null && this.usedClientId !== clientId
        return
      }
      case MESSAGE_SAVED: {
        const { count } = readSaved(decoder)
        if (!this.#garbled) this.acknowledged.push(...this.#sent.slice(this.#confirmed, count).map(updateIn))
        this.#confirmed = Math.max(this.#confirmed, count)
        return
      }
      case MESSAGE_REFUSED:
        this.refusals.push(this.#refusalNow(readRefused(decoder).code))
        this.startAfresh()
        this.closedBecause = 'write-refused'
        return
      case MESSAGE_AWARENESS:
        return this.#hearPresence(decoding.readVarUint8Array(decoder))
      default:
        throw new Error('the server sent a message that no client knows')
    }
  }

  #refusalNow(code: string): string {
    return code === 'client-id-taken' && this.#isDoubted ? 'doubted' : code
  }

  #hearPresence(update: Uint8Array): void {
    const decoder = decoding.createDecoder(update)
    for (let rest = decoding.readVarUint(decoder); rest > 0; rest--) {
      const id = decoding.readVarUint(decoder)
      decoding.readVarUint(decoder)
      const state = JSON.parse(decoding.readVarString(decoder)) as { user: Shown } | null
      if (state === null) this.#present.delete(id)
      else this.#present.set(id, { shown: state.user, heardAt: this.#clock.now() })
    }
  }

  /** The document has arrived, so every struct under the leased id is here too: it may be taken up. */
  #loaded(): void {
    this.#synced = true
    if (this.#leased !== null) this.matrix.doc.clientID = this.#leased
  }

  #watch(): void {
    this.matrix.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this && this.#seat !== null) this.#send((encoder) => writeUpdate(encoder, update))
    })
  }

  #send(write: (encoder: encoding.Encoder) => void): void {
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, MESSAGE_SYNC)
    write(encoder)
    this.#push(encoding.toUint8Array(encoder))
  }

  #push(message: Uint8Array): void {
    this.#up.push(message)
    if (message[1] !== SYNC_STEP_1) this.#sent.push(message)
  }
}

/** The update that a document message carries. */
function updateIn(message: Uint8Array): Uint8Array {
  const read = readClientMessage(message)
  if (!read.ok || read.value.type !== 'update') throw new Error('a page counts only its document messages')
  return read.value.update
}
