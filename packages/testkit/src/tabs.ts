import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync'
import * as Y from 'yjs'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import {
  MESSAGE_AWARENESS,
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_SYNC,
  MESSAGE_WELCOME,
  readRefused,
  readSaved,
  readWelcome,
  releaseMessage,
  type Refused,
} from '@dongbo/protocol/messages.ts'
import type { Socket } from '@dongbo/sync/ports/socket.ts'
import type { Membership } from '@dongbo/sync/room/registry.ts'
import type { Copy } from '@dongbo/sync/room/surroundings.ts'

/**
 * A browser tab as the y-websocket protocol sees it, on queues that the test delivers: nothing arrives by itself, so a
 * seed decides every order. Behaves as y-websocket does on connect, and starts afresh when it is refused.
 */
export class Tab {
  matrix: MatrixDocument = openMatrix(new Y.Doc())
  readonly refusals: Refused[] = []
  closedBecause: CloseReason | null = null
  /** Own clock up to which the server has confirmed durability, with the client id it counts for. */
  confirmed: { readonly client: number; readonly clock: number } | null = null
  #up: Uint8Array[] = []
  #down: Uint8Array[] = []
  #seat: Membership | null = null
  #sentClocks: number[] = []
  #generation: string | null = null
  #leased: number | null = null

  constructor() {
    this.#watch()
  }

  get connected(): boolean {
    return this.#seat !== null
  }

  get synced(): boolean {
    return this.#synced
  }
  #synced = false

  /** The server's end of this tab's socket. */
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

  /** What it brings along when it comes back. */
  get copy(): Copy {
    const { doc } = this.matrix
    return { generation: this.#generation, clientId: Y.getState(doc.store, doc.clientID) > 0 ? doc.clientID : null }
  }

  /** The socket is open and its seat taken: says what y-websocket says on open. */
  opened(seat: Membership): void {
    this.#seat = seat
    this.closedBecause = null
    this.#sentClocks = []
    this.#synced = false
    this.#send((encoder) => writeSyncStep1(encoder, this.matrix.doc))
  }

  /** The page is closed when everything is saved: the client id may go to another tab. */
  leave(): void {
    if (this.idle && this.#synced) this.#seat?.receive(releaseMessage())
    this.cut()
  }

  /** The network cuts the socket: what was under way is lost. */
  cut(): void {
    this.#up = []
    this.#down = []
    this.#seat?.leave()
    this.#seat = null
    this.#synced = false
  }

  /** Delivers the oldest message in one direction. False when there is none. */
  deliver(direction: 'up' | 'down'): boolean {
    const message = (direction === 'up' ? this.#up : this.#down).shift()
    if (message === undefined) return false
    if (direction === 'up') this.#seat?.receive(message)
    else this.#hear(message)
    return true
  }

  get idle(): boolean {
    return this.#up.length === 0 && this.#down.length === 0
  }

  #hear(message: Uint8Array): void {
    const decoder = decoding.createDecoder(message)
    switch (decoding.readVarUint(decoder)) {
      case MESSAGE_SYNC: {
        const encoder = encoding.createEncoder()
        encoding.writeVarUint(encoder, MESSAGE_SYNC)
        const type = readSyncMessage(decoder, encoder, this.matrix.doc, this)
        if (type === 1) this.#loaded()
        if (encoding.length(encoder) > 1) this.#push(encoding.toUint8Array(encoder), true)
        return
      }
      case MESSAGE_SAVED: {
        const clock = this.#sentClocks[readSaved(decoder).count - 1]
        if (clock !== undefined) this.confirmed = { client: this.matrix.doc.clientID, clock }
        return
      }
      case MESSAGE_REFUSED:
        this.refusals.push(readRefused(decoder))
        this.#startAfresh()
        return
      case MESSAGE_WELCOME: {
        const welcome = readWelcome(decoder)
        this.#generation = welcome.generation
        this.#leased = welcome.clientId
        return
      }
      case MESSAGE_AWARENESS:
        return
      default:
        throw new Error('the server sent a message that no client knows')
    }
  }

  /** Before the first edit the leased id is taken up; a copy that was written under another one stays with that. */
  #loaded(): void {
    this.#synced = true
    const { doc } = this.matrix
    if (this.#leased !== null && Y.getState(doc.store, doc.clientID) === 0) doc.clientID = this.#leased
  }

  #startAfresh(): void {
    this.matrix.doc.destroy()
    this.matrix = openMatrix(new Y.Doc())
    this.confirmed = null
    this.#watch()
    // As a browser does: the refused socket is left, a new one is opened by whoever drives the test.
    this.cut()
    this.closedBecause = 'write-refused'
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
    const message = encoding.toUint8Array(encoder)
    this.#push(message, message[1] !== 0)
  }

  #push(message: Uint8Array, carriesEdits: boolean): void {
    this.#up.push(message)
    if (carriesEdits) this.#sentClocks.push(Y.getState(this.matrix.doc.store, this.matrix.doc.clientID))
  }
}
