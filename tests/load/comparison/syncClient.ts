import {
  MESSAGE_AWARENESS,
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_SYNC,
  MESSAGE_WELCOME,
  SYNC_STEP_1,
  SYNC_STEP_2,
  SYNC_UPDATE,
  syncStep1Message,
  syncStep2Message,
  updateMessage,
} from '@dongbo/protocol/messages.ts'
import { frame, RawSocket } from './rawSocket.ts'
import { readVarUint, varText, varUint } from './varUint.ts'

/** How a server frames what y-protocols says: as y-websocket does, or with the document's name in front of everything. */
export type Framing = 'y-websocket' | 'hocuspocus'

/** Where and how a client finds a document. */
export interface Address {
  readonly framing: Framing
  readonly port: number
  readonly path: string
  readonly document: string
  readonly headers: Readonly<Record<string, string>>
}

export interface Hearing {
  /** A sync step 2 or an update as it came, and where in it the Yjs update stands, its length first. */
  readonly onUpdate?: (message: Buffer, bodyAt: number) => void
  readonly onAwareness?: (message: Buffer) => void
  /** The first `count` document messages of this client are acknowledged. */
  readonly onSaved?: (count: number) => void
}

const EMPTY_UPDATE = new Uint8Array([0, 0])
const EMPTY_STATE_VECTOR = new Uint8Array([0])
/** Message types of Hocuspocus beside those of y-protocols. */
const HOCUSPOCUS_AUTH = 2
const HOCUSPOCUS_SYNC_REPLY = 4
const HOCUSPOCUS_SYNC_STATUS = 8

/** Speaks just enough of the protocol to load, to write and to hear. It never decodes an update. */
export class SyncClient {
  /** Resolves when the document has come. */
  readonly ready: Promise<this>
  /** Milliseconds from the call to the document. */
  openedInMs = Number.NaN
  /** Bytes of the first sync step 2, and of updates that came before it. */
  documentBytes = 0
  /** What the server leased to this client, where it does so. */
  clientId: number | null = null
  /** Document messages sent: sync steps 2 and updates. */
  sent = 0
  saved = 0
  readonly raw: RawSocket
  readonly #address: Address
  readonly #hearing: Hearing
  readonly #prefix: Buffer
  readonly #started = performance.now()
  #resolve: (self: this) => void = () => undefined
  #isClosing = false

  constructor(address: Address, hearing: Hearing = {}) {
    this.#address = address
    this.#hearing = hearing
    this.#prefix = address.framing === 'hocuspocus' ? varText(address.document) : Buffer.alloc(0)
    const { promise, resolve, reject } = Promise.withResolvers<this>()
    this.ready = promise
    this.#resolve = resolve
    this.raw = new RawSocket({
      port: address.port,
      path: address.path,
      headers: address.headers,
      onOpen: () => this.#greet(),
      onMessage: (message) => this.#take(message),
      onClose: (why) => {
        if (this.#isClosing) return
        reject(new Error(`${address.document}: ${why}`))
        this.onLost(why)
      },
    })
  }

  /** Called when the line goes although nobody has closed it here; who expects that replaces it. */
  onLost: (why: string) => void = () => undefined

  sendUpdate(update: Uint8Array): void {
    this.sent++
    this.raw.send(this.#framed(updateMessage(update)))
  }

  /** The same, ready for `sendPrepared`. */
  prepare(update: Uint8Array): Buffer {
    return frame(this.#framed(updateMessage(update)))
  }

  sendPrepared(prepared: Buffer): void {
    this.sent++
    this.raw.sendFrame(prepared)
  }

  /** Says where this client is: one state under one awareness id. */
  sendState(id: number, clock: number, state: object): void {
    const body = Buffer.concat([Buffer.from([1, ...varUint(id), ...varUint(clock)]), varText(JSON.stringify(state))])
    this.raw.send(this.#framed(Buffer.concat([Buffer.from([MESSAGE_AWARENESS, ...varUint(body.length)]), body])))
  }

  close(): void {
    this.#isClosing = true
    this.raw.close()
  }

  #framed(message: Uint8Array): Uint8Array {
    return this.#prefix.length === 0 ? message : Buffer.concat([this.#prefix, message])
  }

  #greet(): void {
    if (this.#address.framing === 'hocuspocus')
      this.raw.send(this.#framed(Buffer.concat([Buffer.from([HOCUSPOCUS_AUTH, 0]), varText('token')])))
    this.raw.send(this.#framed(syncStep1Message(EMPTY_STATE_VECTOR)))
  }

  #take(message: Buffer): void {
    const at = this.#prefix.length
    const type = message[at]
    const isHocuspocus = this.#address.framing === 'hocuspocus'
    if (type === MESSAGE_SYNC || (isHocuspocus && type === HOCUSPOCUS_SYNC_REPLY)) this.#sync(message, message[at + 1])
    else if (type === MESSAGE_AWARENESS) this.#hearing.onAwareness?.(message)
    else if (isHocuspocus && type === HOCUSPOCUS_SYNC_STATUS) this.#acknowledged(this.saved + 1)
    else if (type === MESSAGE_SAVED) this.#acknowledged(readVarUint(message, at + 1)[0])
    else if (type === MESSAGE_WELCOME) this.clientId = clientIdIn(message, at + 1)
    else if (type === MESSAGE_REFUSED) throw new Error(`an edit was refused: ${message.toString('utf8', at + 1)}`)
  }

  #sync(message: Buffer, step: number | undefined): void {
    if (step === SYNC_STEP_1) {
      this.sent++
      return this.raw.send(this.#framed(syncStep2Message(EMPTY_UPDATE)))
    }
    const isOpening = Number.isNaN(this.openedInMs)
    if (isOpening) this.documentBytes += message.length
    if (step === SYNC_STEP_2 && isOpening) {
      this.openedInMs = performance.now() - this.#started
      this.#resolve(this)
    }
    if (step === SYNC_STEP_2 || step === SYNC_UPDATE) this.#hearing.onUpdate?.(message, this.#prefix.length + 2)
  }

  #acknowledged(count: number): void {
    this.saved = count
    this.#hearing.onSaved?.(count)
  }
}

/** The client id behind the generation, in a welcome. */
function clientIdIn(message: Buffer, from: number): number {
  const [length, next] = readVarUint(message, from)
  return readVarUint(message, next + length)[0]
}

/** Opens many, some at a time, in order. */
export async function openAll(count: number, open: (index: number) => SyncClient, atOnce = 50): Promise<SyncClient[]> {
  const clients: SyncClient[] = []
  for (let from = 0; from < count; from += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => open(from + index))
    clients.push(...(await Promise.all(some.map((client) => client.ready))))
  }
  return clients
}
