import * as Y from 'yjs'
import type { Clock } from '@dongbo/kernel/clock.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { openMatrix } from '@dongbo/model/matrix/shape.ts'
import type { Refused, Saved, Welcome } from '@dongbo/protocol/messages.ts'
import { CopyKeeper, type Device } from './copyKeeper.ts'
import type { OwnEdit } from './ownEdits.ts'
import { blockedPlaces, CLIENT_ID_TAKEN, type EditsOfCopy } from './reapply.ts'
import type { RefusedEdits } from './refusedEdits.ts'
import { Replica } from './replica.ts'
import type { Keeping } from './saveState.ts'
import type { Transports } from './transports.ts'

interface LiveCopyOptions {
  readonly serverUrl: string
  readonly document: DocumentName
  readonly clock: Clock
  readonly transports: Transports
  readonly device: Device | null
  /** The origin of this person's own transactions. */
  readonly origin: object
}

interface Hooks {
  changed(): void
  connected(): void
  synced(): void
  /** The present replica has lost its line. Returns how long to wait. */
  disconnected(): number
  saved(saved: Saved): void
  /** Whether to come back after a close with this code. */
  closed(code: number): boolean
}

/**
 * A person's copy of a document through its life: taken up from the device, in step with the server, refused and begun
 * anew, with every edit of his either confirmed, or kept, or set aside to be settled.
 */
export class LiveCopy {
  readonly refused: RefusedEdits
  keeping: Keeping
  readonly #options: LiveCopyOptions
  readonly #hooks: Hooks
  #replica: Replica
  #keeper: CopyKeeper | null = null
  /** Edits that were neither refused nor confirmed when their replica was: written again as they were. */
  #unsettled: readonly EditsOfCopy[] = []
  #isClosed = false

  constructor(options: LiveCopyOptions, refused: RefusedEdits, hooks: Hooks) {
    this.#options = options
    this.#hooks = hooks
    this.refused = refused
    this.keeping = options.device === null ? 'while-open' : 'opening'
    this.#replica = this.#open(null, null)
  }

  get replica(): Replica {
    return this.#replica
  }

  /** Edits that the server has not confirmed, wherever they are just now. */
  get waiting(): number {
    const unsettled = this.#unsettled.reduce((sum, { edits }) => sum + edits.length, 0)
    return this.#replica.edits.waiting + unsettled + this.refused.asideCount
  }

  /** Whether everything that waits is written on this device. */
  get isKept(): boolean {
    return this.#keeper?.isWritten === true
  }

  /** Connects, after what this device keeps has been taken up. */
  start(): void {
    if (this.#options.device === null) this.#replica.connect()
    else void this.#restore(this.#options.device)
  }

  connect(): void {
    // What this device keeps comes first; then it connects by itself.
    if (this.keeping !== 'opening') this.#replica.connect()
  }

  dismiss(...paths: Parameters<RefusedEdits['dismiss']>): void {
    const dismissed = this.refused.dismiss(...paths)
    this.#keeper?.dismissed(dismissed)
  }

  async flush(): Promise<void> {
    await this.#keeper?.flush()
  }

  close(): void {
    this.#isClosed = true
    if (this.#replica.release()) this.#keeper?.writesAs(null)
    this.#replica.close()
    this.#keeper?.close()
  }

  /**
   * Takes up the leased client id as soon as nothing is left to settle, and settles what was refused as soon as it can be:
   * in a replica that has arrived and holds nothing that the server may still refuse.
   */
  settle(): void {
    const replica = this.#replica
    if (!replica.isSynced || this.#unsettled.length > 0) return
    if (this.refused.isSettled) return this.#ready(replica)
    if (replica.edits.waiting > 0) return
    const settled = this.refused.settle(replica.matrix, replica.offeredId ?? new Y.Doc().clientID)
    if (settled === null) return
    const { aside, again } = settled
    const writeAgain = (): void => {
      if (this.#isClosed || !this.refused.finish(settled)) return
      this.#unsettled = [...this.#unsettled, again]
      // Another replica has taken this one's place meanwhile: it does so as soon as it has arrived.
      if (this.#replica === replica && replica.isSynced) this.#synced()
      this.#hooks.changed()
    }
    if (this.#keeper === null) writeAgain()
    // Sent before it is written, a text that is written again would be doubled by a crash in between.
    else void this.#keeper.settle(aside, again.edits, settled.notTaken).then(writeAgain)
  }

  /** The document was restored: the replica's structs mean nothing in its new history, what stands in them is kept. */
  historyChanged(): void {
    const { matrix, edits } = this.#replica
    const copies = [...this.#unsettled, { matrix, edits: edits.unconfirmed }]
    const { aside, notTaken } = this.refused.offerAll(copies, 'generation')
    void this.#keeper?.settle(aside, [], notTaken)
    this.#unsettled = []
    this.#replaceSoon(this.#open(null, null))
  }

  #open(generation: string | null, clientId: number | null): Replica {
    const { serverUrl, document, transports, origin } = this.#options
    const replica: Replica = new Replica(
      { serverUrl, document, transports, origin, generation, clientId },
      {
        changed: () => this.#hooks.changed(),
        welcomed: (welcome) => this.#welcomed(welcome),
        connected: () => this.#hooks.connected(),
        disconnected: () => replica.waitBeforeReconnecting(this.#hooks.disconnected()),
        synced: () => {
          this.#hooks.synced()
          if (this.#replica === replica) this.#synced()
        },
        heard: (update) => {
          this.#keeper?.heard(update)
          // What others' edits bring may also settle what was refused.
          if (!this.refused.isEmpty) this.#hooks.changed()
        },
        made: (edit) => this.#made(edit, replica),
        confirmed: (edits, saved) => {
          if (edits.length > 0) this.#keeper?.confirmed(edits)
          if (saved !== null) this.#hooks.saved(saved)
          this.settle()
          this.#hooks.changed()
        },
        refused: (refused) => this.#startAfresh(refused),
        closed: (code) => this.#replica === replica && this.#hooks.closed(code),
      },
    )
    return replica
  }

  async #restore(device: Device): Promise<void> {
    const { document, clock } = this.#options
    const keeper = await CopyKeeper.open(device, document, clock, {
      confirmedState: () => this.#confirmedState(),
      lost: () => {
        this.keeping = 'while-open'
        this.#hooks.changed()
      },
      written: () => this.#hooks.changed(),
    })
    if (this.#isClosed) return keeper?.close()
    this.#keeper = keeper
    this.keeping = keeper === null ? 'while-open' : 'on-device'
    if (keeper !== null) this.#takeUp(keeper)
    this.#replica.connect()
    this.#hooks.changed()
  }

  #confirmedState(): Uint8Array | null {
    const { isSynced, matrix } = this.#replica
    return isSynced && this.waiting === 0 ? Y.encodeStateAsUpdate(matrix.doc) : null
  }

  #takeUp({ stored }: CopyKeeper): void {
    const edits = stored.edits.map(({ value }) => value)
    this.refused.add(stored.notTaken.map(({ value }) => value))
    const hasBase = stored.generation !== null && stored.base.length > 0
    this.#replace(this.#open(hasBase ? stored.generation : null, stored.clientId))
    try {
      this.#replica.restore(hasBase ? stored.base.map(({ value }) => value) : [], edits)
    } catch {
      // What the server holds comes from the server again; what was typed is written again on top of it.
      this.#replace(this.#open(null, stored.clientId))
      this.#unsettled = [{ matrix: openMatrix(new Y.Doc()), edits }]
    }
  }

  #made(edit: OwnEdit, replica: Replica): void {
    if (!this.#unsettled.some(({ edits }) => edits.includes(edit))) this.#keeper?.made(edit)
    // Typed into a replica that was refused a moment ago, before the screen could show the fresh one.
    if (this.#replica !== replica) {
      this.refused.addLate(replica.matrix, edit)
      this.settle()
    }
    this.#hooks.changed()
  }

  #welcomed({ generation }: Welcome): void {
    const { generation: known } = this.#replica.known
    if (known !== null && known !== generation) this.historyChanged()
    else this.#keeper?.joined(generation)
  }

  #synced(): void {
    const lost = this.#unsettled.map(({ matrix, edits }) => ({
      matrix,
      edits: edits.filter((edit) => !this.#replica.replay(edit)),
    }))
    this.#unsettled = []
    if (lost.some(({ edits }) => edits.length > 0)) {
      const { aside, notTaken } = this.refused.offer(lost, 'gap')
      void this.#keeper?.settle(aside, [], notTaken)
    }
    this.settle()
  }

  #ready(replica: Replica): void {
    replica.isLoaded = true
    if (replica.hasTakenUp) return
    const { clientId } = replica.known
    const leased = replica.takeUp()
    if (leased !== clientId) this.#keeper?.writesAs(leased)
  }

  /** The refused replica can never be brought in line again (its clocks are ahead), so a fresh one takes its place. */
  #startAfresh(refused: Refused): void {
    const { matrix, edits, known } = this.#replica
    const { before, refused: lot, after } = edits.dividedBy(refused.count)
    // Under this id another copy has written something else: what is wrong is the id, not the places.
    const isIdTaken = refused.code === CLIENT_ID_TAKEN
    const blocked = isIdTaken ? [] : blockedPlaces(lot, after, refused.path)
    this.refused.setAside({ matrix, edits: [...lot, ...after], code: refused.code, blocked })
    this.#unsettled = [...this.#unsettled, { matrix, edits: before }]
    this.#replaceSoon(this.#open(known.generation, isIdTaken ? null : known.clientId))
  }

  /** Not within the provider's own message handler: it still writes to its socket after us. */
  #replaceSoon(fresh: Replica): void {
    const old = this.#replica
    this.#replica = fresh
    queueMicrotask(() => {
      old.close()
      if (this.#isClosed || this.#replica !== fresh) return
      fresh.connect()
      this.#hooks.changed()
    })
  }

  #replace(fresh: Replica): void {
    this.#replica.close()
    this.#replica = fresh
  }
}
