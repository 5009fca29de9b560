import * as Y from 'yjs'
import type { Cancel, Clock } from '@dongbo/kernel/clock.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { DeviceStore, type CopyLocks, type StoreChange, type StoredCopy } from './deviceStore.ts'
import type { OwnEdit } from './ownEdits.ts'
import type { NotTaken } from './reapply.ts'

/** Where a copy is kept on this device, and for whom. */
export interface Device {
  readonly personId: string
  /** A name for this tab's copy that no other has. */
  readonly copy: string
  readonly locks: CopyLocks
}

/** What this person typed is in memory alone for at most this long: a crash costs no more than a letter. */
const EDITS_DELAY_MS = 50
/** What others typed can be fetched again, so writing it is not urgent. */
const BASE_DELAY_MS = 2_000
/** A browser that has not opened its database by now (another tab blocks it, the disk hangs) is not waited for. */
const OPEN_LIMIT_MS = 2_000
/** So many updates are read again at an opening in some milliseconds; beyond it they become one. */
const BASE_ROWS_LIMIT = 200
/** Small updates of one writing are kept as one row; merging a large one would cost more than the row. */
const MERGE_LIMIT_BYTES = 65_536

interface Hooks {
  /** Everything that the server holds, as one update, or null while the copy has edits that it may not hold. */
  confirmedState(): Uint8Array | null
  /** The device keeps nothing any more: what is typed from now on is lost with the page. */
  lost(): void
  /** Something was written. */
  written(): void
}

/** Writes a copy to the device, a little behind and in order, and gives up for good at the first failure. */
export class CopyKeeper {
  readonly stored: StoredCopy
  readonly #store: DeviceStore
  readonly #clock: Clock
  readonly #hooks: Hooks
  readonly #editKeys = new WeakMap<OwnEdit, number>()
  readonly #notTakenKeys = new WeakMap<NotTaken, number>()
  #baseKeys: number[]
  #waiting = nothing()
  #timer: Cancel | null = null
  #timerIsUrgent = false
  #writing: Promise<void> = Promise.resolve()
  #writes = 0
  #isLost = false

  private constructor(store: DeviceStore, stored: StoredCopy, clock: Clock, hooks: Hooks) {
    this.#store = store
    this.stored = stored
    this.#clock = clock
    this.#hooks = hooks
    this.#baseKeys = stored.base.map(({ key }) => key)
    for (const { key, value } of stored.edits) this.#editKeys.set(value, key)
    for (const { key, value } of stored.notTaken) this.#notTakenKeys.set(value, key)
  }

  /** Null when this browser keeps nothing for us: forbidden, full, broken, or too slow to open. Never rejects. */
  static async open(device: Device, document: DocumentName, clock: Clock, hooks: Hooks): Promise<CopyKeeper | null> {
    let keeper: CopyKeeper | null = null
    let isLate = false
    const lost = (): void => {
      if (keeper !== null) keeper.#lose()
    }
    const opening = DeviceStore.open(device.personId, document, device.copy, device.locks, lost).then(
      ({ store, stored }) => {
        if (isLate) store.close()
        else keeper = new CopyKeeper(store, stored, clock, hooks)
        return keeper
      },
      // Whatever the browser has against it, the page works without.
      () => null,
    )
    const late = new Promise<null>((resolve) => {
      const cancel = clock.after(OPEN_LIMIT_MS, () => {
        isLate = true
        resolve(null)
      })
      void opening.then(cancel)
    })
    return await Promise.race([opening, late])
  }

  /** Whether everything that was handed over is on the disk. */
  get isWritten(): boolean {
    return !this.#isLost && this.#writes === 0 && isNothing(this.#waiting)
  }

  /** An update that the server holds. */
  heard(update: Uint8Array): void {
    this.#waiting.addBase.push(update)
    this.#writeSoon(false)
  }

  made(edit: OwnEdit): void {
    this.#waiting.addEdits.push(edit)
    this.#writeSoon(true)
  }

  /** The server holds these edits now. */
  confirmed(edits: readonly OwnEdit[]): void {
    for (const edit of edits) {
      this.#forget(edit)
      this.#waiting.addBase.push(edit.update)
    }
    this.#writeSoon(false)
  }

  /** Writes at once what becomes of edits that were set aside; nothing of it may be sent before. */
  async settle(aside: readonly OwnEdit[], again: readonly OwnEdit[], notTaken: readonly NotTaken[]): Promise<void> {
    for (const edit of aside) this.#forget(edit)
    this.#waiting.addEdits.push(...again)
    this.#waiting.addNotTaken.push(...notTaken)
    await this.flush()
  }

  dismissed(notTaken: readonly NotTaken[]): void {
    this.#waiting.deleteNotTaken.push(...notTaken)
    this.#writeSoon(true)
  }

  joined(generation: string): void {
    this.#then(async () => await this.#store.joined(generation))
  }

  writesAs(clientId: number | null): void {
    this.#then(async () => await this.#store.writesAs(clientId))
  }

  /** Begins to write everything that waits now. Resolves when it is on the disk, or when nothing can be kept any more. */
  async flush(): Promise<void> {
    this.#timer?.()
    this.#timer = null
    const change = this.#waiting
    this.#waiting = nothing()
    if (!isNothing(change)) this.#then(async () => await this.#write(change))
    await this.#writing
  }

  /** Writes what waits and lets the copy go: the next tab that opens the document takes it up. */
  close(): void {
    void this.flush()
    this.#then(async () => {
      this.#isLost = true
      this.#store.close()
    })
  }

  #forget(edit: OwnEdit): void {
    const position = this.#waiting.addEdits.indexOf(edit)
    if (position >= 0) this.#waiting.addEdits.splice(position, 1)
    else this.#waiting.deleteEdits.push(edit)
  }

  async #write(change: Waiting): Promise<void> {
    const state =
      this.#baseKeys.length >= BASE_ROWS_LIMIT && isNothing(this.#waiting) ? this.#hooks.confirmedState() : null
    const written: StoreChange = {
      addBase: state === null ? merged(change.addBase) : [state],
      addEdits: change.addEdits,
      addNotTaken: change.addNotTaken,
      deleteBase: state === null ? [] : this.#baseKeys,
      deleteEdits: change.deleteEdits.flatMap((edit) => this.#editKeys.get(edit) ?? []),
      deleteNotTaken: change.deleteNotTaken.flatMap((one) => this.#notTakenKeys.get(one) ?? []),
    }
    const keys = await this.#store.write(written)
    this.#baseKeys = state === null ? [...this.#baseKeys, ...keys.base] : [...keys.base]
    for (const [position, edit] of change.addEdits.entries()) setKey(this.#editKeys, edit, keys.edits[position])
    for (const [position, one] of change.addNotTaken.entries()) setKey(this.#notTakenKeys, one, keys.notTaken[position])
  }

  /** One act on the store after the other: an edit's key is known before anything is said of it again. */
  #then(act: () => Promise<void>): void {
    this.#writes++
    this.#writing = this.#writing.then(async () => {
      try {
        if (!this.#isLost) await act()
      } catch {
        // Full, broken or taken away: the page says that it keeps nothing, and goes on.
        this.#lose()
      }
      this.#writes--
      this.#hooks.written()
    })
  }

  #lose(): void {
    if (this.#isLost) return
    this.#isLost = true
    this.#store.close()
    this.#hooks.lost()
  }

  #writeSoon(isUrgent: boolean): void {
    if (this.#timer !== null && (this.#timerIsUrgent || !isUrgent)) return
    this.#timer?.()
    this.#timerIsUrgent = isUrgent
    this.#timer = this.#clock.after(isUrgent ? EDITS_DELAY_MS : BASE_DELAY_MS, () => void this.flush())
  }
}

interface Waiting {
  readonly addBase: Uint8Array[]
  readonly addEdits: OwnEdit[]
  readonly addNotTaken: NotTaken[]
  readonly deleteEdits: OwnEdit[]
  readonly deleteNotTaken: NotTaken[]
}

function nothing(): Waiting {
  return { addBase: [], addEdits: [], addNotTaken: [], deleteEdits: [], deleteNotTaken: [] }
}

function isNothing(waiting: Waiting): boolean {
  return Object.values(waiting).every((list: readonly unknown[]) => list.length === 0)
}

function merged(updates: readonly Uint8Array[]): readonly Uint8Array[] {
  const small = updates.reduce((sum, { length }) => sum + length, 0) <= MERGE_LIMIT_BYTES
  // What our own document emitted, never what came over the wire.
  return updates.length > 1 && small ? [Y.mergeUpdates([...updates])] : updates
}

function setKey<Value extends object>(keys: WeakMap<Value, number>, value: Value, key: number | undefined): void {
  if (key !== undefined) keys.set(value, key)
}
