import { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import type { Clock, Instant } from '@dongbo/kernel/clock.ts'
import type { Path } from '@dongbo/model/documentChange.ts'
import type { Random } from '@dongbo/kernel/random.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { undoOf } from '@dongbo/model/matrix/undo.ts'
import { differences, valueAt, type MatrixValue } from '@dongbo/model/matrix/valueAt.ts'
import { CLOSE_CODES, closeReasonOf, type CloseReason } from '@dongbo/protocol/closeCodes.ts'
import {
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  readRefused,
  readSaved,
  SUBPROTOCOL,
  type Refused,
} from '@dongbo/protocol/messages.ts'
import { CALM_MS, reconnectDelayMs } from './backoff.ts'
import { OwnEdits } from './ownEdits.ts'
import { readPeers, type Peer } from './peers.ts'

/** What the save line may say. Driven by the server's durable acknowledgement and nothing else. */
export type SaveState =
  | { readonly at: 'connecting' }
  /** Everything of mine is durable. `savedAt` is the server's clock, epoch milliseconds. */
  | { readonly at: 'saved'; readonly savedAt: number | null }
  | { readonly at: 'sending'; readonly waiting: number; readonly savedAt: number | null }
  | { readonly at: 'offline'; readonly waiting: number; readonly savedAt: number | null }
  /** The server ended it for good: only a person can go on (sign in again, reload). */
  | { readonly at: 'stopped'; readonly because: CloseReason; readonly waiting: number }

/** What the server did not take: why, and what stood in my copy where it differs from everybody's. */
export interface RefusedEdits {
  readonly refused: Refused
  readonly mine: readonly MatrixValue[]
}

export interface ConnectionView {
  readonly matrix: MatrixDocument
  /** Undoes and redoes this person's own edits of this document only. */
  readonly undo: Y.UndoManager
  readonly save: SaveState
  /** False until the document has arrived for the first time. */
  readonly loaded: boolean
  /** Stays until `dismissRefused`: nothing typed is dropped unseen. */
  readonly refused: readonly RefusedEdits[]
  readonly peers: readonly Peer[]
}

export interface ConnectionOptions {
  /** `wss://host/sync`, without the document's name. */
  readonly serverUrl: string
  readonly document: DocumentName
  readonly clock: Clock
  readonly random: Random
  readonly WebSocket: typeof globalThis.WebSocket
}

/**
 * One person's live copy of one document: y-websocket's provider, with the server's acknowledgements and refusals. Edits
 * are made in `view.matrix` with the origin `origin`; everything a screen needs is in `view`, which is replaced whenever
 * something in it changes.
 */
export class Connection {
  /** The origin of this person's own transactions: what undo undoes. */
  readonly origin: object = { by: 'me' }
  readonly #options: ConnectionOptions
  readonly #listeners = new Set<() => void>()
  #live: Live
  #view: ConnectionView
  #savedAt: number | null = null
  #stopped: CloseReason | null = null
  #refused: readonly SetAside[] = []
  /** The copy that the server refused, kept until a fresh one has arrived to compare it with. */
  #setAside: SetAside | null = null
  /** Connections in a row that came to nothing. */
  #failures = 0
  #connectedAt: Instant | null = null

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#live = this.#open()
    this.#view = this.#look()
  }

  get view(): ConnectionView {
    return this.#view
  }

  /** Calls `changed` whenever `view` was replaced. Returns how to stop. */
  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed)
    return () => this.#listeners.delete(changed)
  }

  /** Shows the others where this person is; short flat values only (the server drops anything else). */
  setCursor(cursor: Readonly<Record<string, string | number | null>> | null): void {
    this.#live.awareness.setLocalState({ cursor })
  }

  /** The places with edits of mine that the server has not confirmed, and what stands there now. */
  waitingEdits(): readonly MatrixValue[] {
    const { matrix, edits } = this.#live
    return edits.unconfirmedPlaces().map((path) => ({ path, value: valueAt(matrix, path) }))
  }

  dismissRefused(): void {
    this.#refused = []
    this.#changed()
  }

  /** Tries again at once, also after `stopped`. */
  retry(): void {
    this.#stopped = null
    this.#live.provider.connect()
    this.#changed()
  }

  close(): void {
    this.#listeners.clear()
    close(this.#live)
  }

  #open(): Live {
    const { serverUrl, document, WebSocket } = this.#options
    const doc = new Y.Doc()
    const matrix = openMatrix(doc)
    const edits = new OwnEdits()
    const awareness = new Awareness(doc)
    awareness.setLocalState({ cursor: null })
    const live: { provider: WebsocketProvider | null } = { provider: null }
    // Registered before the provider's own listener: an edit is counted before the message that carries it is sent.
    doc.on('update', (_update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
      if (origin !== live.provider) edits.made(transaction)
      // What others' edits bring may also settle what was refused.
      else if (this.#refused.length === 0) return
      this.#changed()
    })
    const provider = new WebsocketProvider(serverUrl, document, doc, {
      awareness,
      protocols: [SUBPROTOCOL],
      // Tabs go through the server too: it is the one that judges.
      disableBc: true,
      WebSocketPolyfill: observedSocket(WebSocket, edits),
      shouldReconnect: ({ code }) => this.#closed(code),
    })
    live.provider = provider
    provider.messageHandlers[MESSAGE_SAVED] = (_encoder, decoder) => {
      const { count, at } = readSaved(decoder)
      edits.saved(count)
      this.#savedAt = at
      this.#changed()
    }
    provider.messageHandlers[MESSAGE_REFUSED] = (_encoder, decoder) => this.#startAfresh(readRefused(decoder))
    provider.on('status', ({ status }) => {
      if (status === 'connected') this.#connectedAt = this.#options.clock.now()
      this.#changed()
    })
    provider.on('connection-close', () => this.#setDelay(provider))
    provider.on('sync', () => this.#compareWithFresh())
    awareness.on('change', () => this.#changed())
    const undo = undoOf(matrix, this.origin)
    return { matrix, awareness, provider, edits, undo, loaded: false }
  }

  /** Called before y-websocket works out its own wait, which then cannot be anything but ours. */
  #setDelay(provider: WebsocketProvider): void {
    const { clock, random } = this.#options
    const wasCalm = this.#connectedAt !== null && clock.now() - this.#connectedAt >= CALM_MS
    this.#connectedAt = null
    this.#failures = wasCalm ? 0 : this.#failures
    provider.maxBackoffTime = reconnectDelayMs(this.#failures, random)
    provider.wsUnsuccessfulReconnects = WAITS_AS_TOLD
    this.#failures++
  }

  /** Whether y-websocket should come back after the server closed with this code. */
  #closed(code: number): boolean {
    const reason = closeReasonOf(code)
    if (reason === null || CLOSE_CODES[reason].retry !== 'never') return true
    this.#stopped = reason
    this.#changed()
    return false
  }

  /** The refused copy can never be brought in line again (its clocks are ahead), so a fresh one takes its place. */
  #startAfresh(refused: Refused): void {
    const aside = this.#live
    this.#setAside = { matrix: aside.matrix, places: aside.edits.unconfirmedPlaces(), refused }
    // Not within the provider's own message handler: it still writes to its socket after us.
    queueMicrotask(() => {
      close(aside)
      this.#live = this.#open()
      this.#changed()
    })
  }

  #compareWithFresh(): void {
    const aside = this.#setAside
    if (this.#live.provider.synced) {
      this.#live.loaded = true
      if (aside !== null) {
        this.#setAside = null
        this.#refused = [...this.#refused, aside]
      }
    }
    this.#changed()
  }

  #changed(): void {
    this.#view = this.#look()
    for (const listener of this.#listeners) listener()
  }

  #look(): ConnectionView {
    const { matrix, undo, awareness, loaded } = this.#live
    return {
      matrix,
      undo,
      save: this.#saveState(),
      loaded,
      // Compared anew each time: what was accepted beside the refused edit arrives a moment after the fresh copy.
      refused: this.#refused.map(({ refused, matrix: kept, places }) => ({
        refused,
        mine: differences(kept, matrix, places),
      })),
      peers: readPeers(awareness),
    }
  }

  #saveState(): SaveState {
    const { provider, edits, loaded } = this.#live
    const { waiting } = edits
    const savedAt = this.#savedAt
    if (this.#stopped !== null) return { at: 'stopped', because: this.#stopped, waiting }
    if (!provider.wsconnected) return loaded || waiting > 0 ? { at: 'offline', waiting, savedAt } : { at: 'connecting' }
    if (!provider.synced && !loaded) return { at: 'connecting' }
    return waiting > 0 || !provider.synced ? { at: 'sending', waiting, savedAt } : { at: 'saved', savedAt }
  }
}

/** A copy that the server refused, with the places of its edits that were not confirmed. */
interface SetAside {
  readonly matrix: MatrixDocument
  readonly places: readonly Path[]
  readonly refused: Refused
}

/** So many failures that y-websocket's own doubling lies beyond any `maxBackoffTime` that we set. */
const WAITS_AS_TOLD = 30

interface Live {
  readonly matrix: MatrixDocument
  readonly awareness: Awareness
  readonly provider: WebsocketProvider
  readonly edits: OwnEdits
  readonly undo: Y.UndoManager
  loaded: boolean
}

function close(live: Live): void {
  live.undo.destroy()
  live.provider.destroy()
  live.awareness.destroy()
}

/** The given WebSocket class, telling `edits` of every socket and every message: the provider has no hook for it. */
function observedSocket(Base: typeof globalThis.WebSocket, edits: OwnEdits): typeof globalThis.WebSocket {
  return class ObservedSocket extends Base {
    constructor(url: string | URL, protocols?: ConstructorParameters<typeof WebSocket>[1]) {
      super(url, protocols)
      edits.socketOpened()
    }

    override send(message: Parameters<WebSocket['send']>[0]): void {
      if (typeof message !== 'string' && !(message instanceof Blob)) edits.sent(message)
      super.send(message)
    }
  }
}
