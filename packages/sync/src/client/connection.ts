import type * as Y from 'yjs'
import type { Clock, Instant } from '@dongbo/kernel/clock.ts'
import type { Random } from '@dongbo/kernel/random.ts'
import type { Path } from '@dongbo/model/documentChange.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { valueAt, type MatrixValue } from '@dongbo/model/matrix/valueAt.ts'
import { CLOSE_CODES, closeReasonOf, type CloseReason } from '@dongbo/protocol/closeCodes.ts'
import { CALM_MS, reconnectDelayMs } from './backoff.ts'
import type { Device } from './copyKeeper.ts'
import { LiveCopy } from './liveCopy.ts'
import { placesOf } from './ownEdits.ts'
import { readPeers, type Peer } from './peers.ts'
import type { MayChange } from './reapply.ts'
import { RefusedEdits, type RefusedPlace } from './refusedEdits.ts'
import { saveState, type Keeping, type SaveState } from './saveState.ts'
import { Transports } from './transports.ts'

export interface ConnectionView {
  readonly matrix: MatrixDocument
  /** Undoes and redoes this person's own edits of this document only. */
  readonly undo: Y.UndoManager
  readonly save: SaveState
  /** Where edits are kept until the server has them. */
  readonly keeping: Keeping
  /** False until there is something to show: the document has arrived, or was kept on this device. */
  readonly loaded: boolean
  /** Stays until `dismissRefused`: nothing typed is dropped unseen. */
  readonly refused: readonly RefusedPlace[]
  readonly peers: readonly Peer[]
}

export interface ConnectionOptions {
  /** `wss://host/sync`, without the document's name. */
  readonly serverUrl: string
  readonly document: DocumentName
  readonly clock: Clock
  readonly random: Random
  readonly WebSocket: typeof globalThis.WebSocket
  /** A class of WebSocket's shape for networks that let none through; left out: there is none. */
  readonly Fallback?: typeof globalThis.WebSocket
  /** Where unconfirmed edits outlive the page; left out: nowhere. */
  readonly device?: Device
  /** By what a refused copy is compared; null: `judgeBy` will say; left out: nothing is written again by itself. */
  readonly may?: MayChange | null
}

/**
 * One person's live copy of one document: y-websocket's provider, with the server's acknowledgements and refusals. Edits
 * are made in `view.matrix` with the origin `origin`; everything a screen needs is in `view`, which is replaced whenever
 * something in it changes.
 */
export class Connection {
  /** The origin of this person's own transactions: what undo undoes. */
  readonly origin: object = { by: 'me' }
  readonly #clock: Clock
  readonly #random: Random
  readonly #listeners = new Set<() => void>()
  readonly #transports: Transports
  readonly #copy: LiveCopy
  #view: ConnectionView
  #savedAt: number | null = null
  #stopped: CloseReason | null = null
  #offlineSince: Instant
  /** Connections in a row that came to nothing. */
  #failures = 0
  #connectedAt: Instant | null = null
  #isClosed = false

  constructor(options: ConnectionOptions) {
    const { serverUrl, document, clock, random, device = null } = options
    this.#clock = clock
    this.#random = random
    this.#offlineSince = clock.now()
    this.#transports = new Transports(clock, options.WebSocket, options.Fallback ?? null, () => {
      this.#copy.replica.reconnect()
    })
    this.#copy = new LiveCopy(
      { serverUrl, document, clock, device, transports: this.#transports, origin: this.origin },
      new RefusedEdits(options.may === undefined ? () => 'not-judged' : options.may),
      {
        changed: () => this.#changed(),
        connected: () => (this.#connectedAt = clock.now()),
        synced: () => this.#transports.served(),
        disconnected: () => this.#disconnected(),
        saved: ({ at }) => (this.#savedAt = at),
        closed: (code) => this.#closed(code),
      },
    )
    this.#view = this.#look([])
    this.#copy.start()
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
    this.#copy.replica.setCursor(cursor)
  }

  /** What this person may write, as far as this side knows: decides which refused edits are written again. */
  judgeBy(may: MayChange): void {
    this.#copy.refused.may = may
    this.#copy.settle()
  }

  /** The places with edits of mine that the server has not confirmed, and what stands there now. */
  waitingEdits(): readonly MatrixValue[] {
    const { matrix, edits } = this.#copy.replica
    return placesOf(edits.unconfirmed).map((path) => ({ path, value: valueAt(matrix, path) }))
  }

  /** Lets what was not taken go: at these places, or everywhere. */
  dismissRefused(paths?: readonly Path[]): void {
    this.#copy.dismiss(paths)
    this.#changed()
  }

  /** Tries again at once, also after `stopped`. */
  retry(): void {
    this.#stopped = null
    this.#copy.connect()
    this.#changed()
  }

  /** The browser says that the network is gone: not to be found out by a socket that hears nothing for half a minute. */
  lineLost(): void {
    if (this.#stopped === null && this.#copy.replica.isConnected) this.#copy.replica.reconnect()
  }

  /** Writes to the device what is not written yet: the page may be about to go. Resolves when it is there, also after `close`. */
  async flush(): Promise<void> {
    await this.#copy.flush()
  }

  close(): void {
    this.#isClosed = true
    this.#listeners.clear()
    this.#transports.stop()
    this.#copy.close()
  }

  #disconnected(): number {
    const now = this.#clock.now()
    this.#transports.closed()
    if (this.#connectedAt !== null) this.#offlineSince = now
    const wasCalm = this.#connectedAt !== null && now - this.#connectedAt >= CALM_MS
    this.#connectedAt = null
    this.#failures = wasCalm ? 0 : this.#failures
    return reconnectDelayMs(this.#failures++, this.#random)
  }

  /** Whether y-websocket should come back after the server closed with this code. */
  #closed(code: number): boolean {
    const reason = closeReasonOf(code)
    if (reason === null || CLOSE_CODES[reason].retry !== 'never') return true
    if (reason === 'generation') this.#copy.historyChanged()
    else this.#stopped = reason
    this.#changed()
    return false
  }

  #changed(): void {
    if (this.#isClosed) return
    this.#view = this.#look(this.#view.refused)
    for (const listener of this.#listeners) listener()
  }

  /** @param refused what was shown so far: it stays while there is nothing to compare it with */
  #look(refused: readonly RefusedPlace[]): ConnectionView {
    const { waiting, isKept, keeping } = this.#copy
    const { matrix, undo, awareness, isLoaded, isConnected, isSynced } = this.#copy.replica
    return {
      matrix,
      undo,
      save: saveState({
        stopped: this.#stopped,
        isConnected,
        isSynced,
        isLoaded,
        waiting,
        savedAt: this.#savedAt,
        offlineSince: this.#offlineSince,
        kept: isKept,
      }),
      keeping,
      loaded: isLoaded,
      refused: isLoaded ? this.#copy.refused.at(matrix) : refused,
      peers: readPeers(awareness),
    }
  }
}
