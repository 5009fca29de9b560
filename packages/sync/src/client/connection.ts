import * as Y from 'yjs'
import type { Clock, Instant } from '@dongbo/kernel/clock.ts'
import type { Random } from '@dongbo/kernel/random.ts'
import type { Path } from '@dongbo/model/documentChange.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { valueAt, type MatrixValue } from '@dongbo/model/matrix/valueAt.ts'
import { CLOSE_CODES, closeReasonOf, type CloseReason } from '@dongbo/protocol/closeCodes.ts'
import type { Refused, Welcome } from '@dongbo/protocol/messages.ts'
import { CALM_MS, reconnectDelayMs } from './backoff.ts'
import { CopyKeeper, type Device } from './copyKeeper.ts'
import { placesOf, type OwnEdit } from './ownEdits.ts'
import { readPeers, type Peer } from './peers.ts'
import { blockedPlaces, type MayChange } from './reapply.ts'
import { Replica } from './replica.ts'
import { RefusedEdits, type RefusedPlace } from './refusedEdits.ts'
import { Transports } from './transports.ts'
import { saveState, type Keeping, type SaveState } from './saveState.ts'

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
  readonly #options: ConnectionOptions
  readonly #listeners = new Set<() => void>()
  readonly #refused: RefusedEdits
  readonly #transports: Transports
  #live: Replica
  #view: ConnectionView
  #keeper: CopyKeeper | null = null
  #keeping: Keeping
  /** Edits that were neither refused nor confirmed when their copy was: written again as they were. */
  #unsettled: readonly OwnEdit[] = []
  #savedAt: number | null = null
  #stopped: CloseReason | null = null
  #offlineSince: Instant
  /** Connections in a row that came to nothing. */
  #failures = 0
  #connectedAt: Instant | null = null
  #isClosed = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#refused = new RefusedEdits(options.may === undefined ? () => 'not-judged' : options.may)
    this.#transports = new Transports(options.clock, options.WebSocket, options.Fallback ?? null, () => {
      this.#live.reconnect()
    })
    this.#keeping = options.device === undefined ? 'while-open' : 'opening'
    this.#offlineSince = options.clock.now()
    this.#live = this.#open(null, null)
    this.#view = this.#look()
    if (options.device === undefined) this.#live.connect()
    else void this.#restore(options.device)
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
    this.#live.setCursor(cursor)
  }

  /** What this person may write, as far as this side knows: decides which refused edits are written again. */
  judgeBy(may: MayChange): void {
    this.#refused.may = may
    this.#settle()
  }

  /** The places with edits of mine that the server has not confirmed, and what stands there now. */
  waitingEdits(): readonly MatrixValue[] {
    const { matrix, edits } = this.#live
    return placesOf(edits.unconfirmed).map((path) => ({ path, value: valueAt(matrix, path) }))
  }

  /** Lets what was not taken go: at these places, or everywhere. */
  dismissRefused(paths?: readonly Path[]): void {
    const dismissed = this.#refused.dismiss(paths)
    this.#keeper?.dismissed(dismissed)
    this.#changed()
  }

  /** Tries again at once, also after `stopped`. */
  retry(): void {
    this.#stopped = null
    // What this device keeps comes first; then it connects by itself.
    if (this.#keeping !== 'opening') this.#live.connect()
    this.#changed()
  }

  /** The browser says that the network is gone: not to be found out by a socket that hears nothing for half a minute. */
  lineLost(): void {
    if (this.#stopped === null && this.#live.isConnected) this.#live.reconnect()
  }

  /** Writes to the device what is not written yet: the page may be about to go. Resolves when it is there, also after `close`. */
  async flush(): Promise<void> {
    await this.#keeper?.flush()
  }

  close(): void {
    this.#isClosed = true
    this.#listeners.clear()
    this.#transports.stop()
    if (this.#live.release()) this.#keeper?.writesAs(null)
    this.#live.close()
    this.#keeper?.close()
  }

  #open(generation: string | null, clientId: number | null): Replica {
    const { serverUrl, document, clock } = this.#options
    const { origin } = this
    const transports = this.#transports
    const live: Replica = new Replica(
      { serverUrl, document, transports, origin, generation, clientId },
      {
        changed: () => this.#changed(),
        welcomed: (welcome) => this.#welcomed(welcome),
        connected: () => {
          this.#connectedAt = clock.now()
          transports.opened()
        },
        disconnected: () => this.#disconnected(live),
        synced: () => {
          if (this.#live === live) this.#synced()
        },
        heard: (update) => {
          this.#keeper?.heard(update)
          // What others' edits bring may also settle what was refused.
          if (!this.#refused.isEmpty) this.#changed()
        },
        made: (edit) => {
          if (!this.#unsettled.includes(edit)) this.#keeper?.made(edit)
          // Typed into a copy that was refused a moment ago, before the screen could show the fresh one.
          if (this.#live !== live) {
            this.#refused.addLate(live.matrix, edit)
            this.#settle()
          }
          this.#changed()
        },
        confirmed: (edits, saved) => {
          this.#savedAt = saved?.at ?? this.#savedAt
          if (edits.length > 0) this.#keeper?.confirmed(edits)
          this.#settle()
          this.#changed()
        },
        refused: (refused) => this.#startAfresh(refused),
        closed: (code) => this.#live === live && this.#closed(code),
      },
    )
    return live
  }

  async #restore(device: Device): Promise<void> {
    const { document, clock } = this.#options
    const keeper = await CopyKeeper.open(device, document, clock, {
      confirmedState: () => this.#confirmedState(),
      lost: () => {
        this.#keeping = 'while-open'
        this.#changed()
      },
      written: () => this.#changed(),
    })
    if (this.#isClosed) return keeper?.close()
    this.#keeper = keeper
    this.#keeping = keeper === null ? 'while-open' : 'on-device'
    if (keeper !== null) this.#takeUp(keeper)
    this.#live.connect()
    this.#changed()
  }

  #confirmedState(): Uint8Array | null {
    const { isSynced, edits, matrix } = this.#live
    const holdsAll = isSynced && edits.waiting === 0 && this.#unsettled.length === 0 && this.#refused.isSettled
    return holdsAll ? Y.encodeStateAsUpdate(matrix.doc) : null
  }

  #takeUp({ stored }: CopyKeeper): void {
    const edits = stored.edits.map(({ value }) => value)
    this.#refused.add(stored.notTaken.map(({ value }) => value))
    const hasBase = stored.generation !== null && stored.base.length > 0
    this.#replace(this.#open(hasBase ? stored.generation : null, stored.clientId))
    try {
      this.#live.restore(hasBase ? stored.base.map(({ value }) => value) : [], edits)
    } catch {
      // What the server holds comes from the server again; what was typed is written again on top of it.
      this.#replace(this.#open(null, stored.clientId))
      this.#unsettled = edits
    }
  }

  #welcomed({ generation }: Welcome): void {
    const { generation: known } = this.#live.known
    if (known !== null && known !== generation) this.#historyChanged()
    else this.#keeper?.joined(generation)
  }

  #synced(): void {
    const unsettled = this.#unsettled
    for (const edit of unsettled) this.#live.replay(edit)
    this.#unsettled = []
    this.#settle()
  }

  /**
   * Takes up the leased client id as soon as nothing is left to settle, and settles what was refused as soon as it can be:
   * in a copy that has arrived and holds nothing that the server may still refuse.
   */
  #settle(): void {
    const live = this.#live
    if (!live.isSynced || this.#unsettled.length > 0) return
    if (this.#refused.isSettled) return this.#ready(live)
    if (live.edits.waiting > 0) return
    const settled = this.#refused.settle(live.matrix, live.offeredId ?? new Y.Doc().clientID)
    if (settled === null) return
    const { aside, again } = settled
    const writeAgain = (): void => {
      if (this.#isClosed) return
      this.#refused.finish(settled)
      this.#unsettled = [...this.#unsettled, ...again]
      // Another copy has taken this one's place meanwhile: it does so as soon as it has arrived.
      if (this.#live === live && live.isSynced) this.#synced()
      this.#changed()
    }
    if (this.#keeper === null) writeAgain()
    // Sent before it is written, a text that is written again would be doubled by a crash in between.
    else void this.#keeper.settle(aside, again, settled.notTaken).then(writeAgain)
  }

  #ready(live: Replica): void {
    live.isLoaded = true
    const { clientId } = live.known
    const leased = live.takeLease()
    if (leased !== clientId) this.#keeper?.writesAs(leased)
  }

  #disconnected(live: Replica): void {
    const { clock, random } = this.#options
    this.#transports.closed()
    if (this.#connectedAt !== null) this.#offlineSince = clock.now()
    const wasCalm = this.#connectedAt !== null && clock.now() - this.#connectedAt >= CALM_MS
    this.#connectedAt = null
    this.#failures = wasCalm ? 0 : this.#failures
    live.waitBeforeReconnecting(reconnectDelayMs(this.#failures, random))
    this.#failures++
  }

  /** Whether y-websocket should come back after the server closed with this code. */
  #closed(code: number): boolean {
    const reason = closeReasonOf(code)
    if (reason === null || CLOSE_CODES[reason].retry !== 'never') return true
    if (reason === 'generation') this.#historyChanged()
    else this.#stopped = reason
    this.#changed()
    return false
  }

  /** The refused copy can never be brought in line again (its clocks are ahead), so a fresh one takes its place. */
  #startAfresh(refused: Refused): void {
    const { matrix, edits, known } = this.#live
    const { before, refused: lot, after } = edits.dividedBy(refused.count)
    const blocked = blockedPlaces(lot, after, refused.path)
    this.#refused.setAside({ matrix, edits: [...lot, ...after], code: refused.code, blocked })
    this.#unsettled = [...this.#unsettled, ...before]
    this.#replaceSoon(this.#open(known.generation, known.clientId))
  }

  /** The document was restored: the copy's structs mean nothing in its new history, what stands in them is kept. */
  #historyChanged(): void {
    const { matrix, edits } = this.#live
    const { aside, notTaken } = this.#refused.offerAll(matrix, edits.unconfirmed, 'generation')
    void this.#keeper?.settle(aside, [], notTaken)
    this.#unsettled = []
    this.#replaceSoon(this.#open(null, null))
  }

  /** Not within the provider's own message handler: it still writes to its socket after us. */
  #replaceSoon(fresh: Replica): void {
    const old = this.#live
    this.#live = fresh
    queueMicrotask(() => {
      old.close()
      if (this.#isClosed || this.#live !== fresh) return
      fresh.connect()
      this.#changed()
    })
  }

  #replace(fresh: Replica): void {
    this.#live.close()
    this.#live = fresh
  }

  #changed(): void {
    if (this.#isClosed) return
    this.#view = this.#look()
    for (const listener of this.#listeners) listener()
  }

  #look(): ConnectionView {
    const { matrix, undo, awareness, isLoaded, isConnected, isSynced, edits } = this.#live
    return {
      matrix,
      undo,
      save: saveState({
        stopped: this.#stopped,
        isConnected,
        isSynced,
        isLoaded,
        waiting: edits.waiting + this.#unsettled.length + this.#refused.asideCount,
        savedAt: this.#savedAt,
        offlineSince: this.#offlineSince,
        kept: this.#keeper?.isWritten === true,
      }),
      keeping: this.#keeping,
      loaded: isLoaded,
      refused: isLoaded ? this.#refused.at(matrix) : (this.#view?.refused ?? []),
      peers: readPeers(awareness),
    }
  }
}
