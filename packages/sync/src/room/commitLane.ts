import type { Clock, Instant } from '@dongbo/kernel/clock.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { FencingToken } from '../ports/leases.ts'
import type { ClientOwner, LogEntry, Seq } from '../ports/updateLog.ts'

/** What a room hears about its entries. */
export interface Committer {
  readonly document: DocumentName
  /** The lease under which it writes now; null when it writes without one. */
  readonly fence: FencingToken | null
  /** Everything up to `upTo` is durable. */
  committed(upTo: Seq, now: Instant): void
  /** Nothing of what waited was written: another has written meanwhile, or the log is out of reach. */
  failed(because: 'conflict' | 'unreachable', error: unknown): void
}

/** What one room has for the next commit. */
export interface Waiting {
  readonly room: Committer
  /** The lease under which they were judged: a room that has ended since must not write without one. */
  readonly fence: FencingToken | null
  readonly entries: LogEntry[]
  readonly owners: ClientOwner[]
}

/**
 * So many commits may begin within so long. Alone, an edit is committed at once; when they come without end, a commit
 * carries a few more and costs less by as much, for a wait of half of 8 ms.
 */
const PACE_COMMITS = 8
const PACE_MS = 64

/**
 * One commit after another: whatever arrives while one runs forms the next group, so the dearer a commit is, the more it
 * carries.
 */
export class CommitLane {
  readonly #clock: Clock
  readonly #commit: (groups: readonly Waiting[]) => Promise<void>
  #waiting = new Map<Committer, Waiting>()
  #running: Promise<void> | null = null
  /** The groups of the commit that runs now. */
  #committing: readonly Waiting[] = []
  #turn: Promise<void> = Promise.resolve()
  /** When the last commits began, oldest first. */
  readonly #begun: Instant[] = []

  /** @param commit tells each room what became of its group, and never rejects */
  constructor(clock: Clock, commit: (groups: readonly Waiting[]) => Promise<void>) {
    this.#clock = clock
    this.#commit = commit
  }

  add(room: Committer, entry: LogEntry, owners: readonly ClientOwner[]): void {
    const waiting = this.#waiting.get(room)
    if (waiting === undefined)
      this.#waiting.set(room, { room, fence: room.fence, entries: [entry], owners: [...owners] })
    else {
      waiting.entries.push(entry)
      waiting.owners.push(...owners)
    }
    this.#running ??= this.#run()
  }

  /** What a room that has failed has added meanwhile goes with it. */
  forget(room: Committer): void {
    this.#waiting.delete(room)
  }

  /** Null when nothing waits; else resolves when nothing waits any more. */
  get running(): Promise<void> | null {
    return this.#running
  }

  /** Entries that wait for a commit. */
  get waiting(): number {
    return [...this.#waiting.values()].reduce((sum, { entries }) => sum + entries.length, 0)
  }

  /** Resolves when nothing of this document is on its way any more, whichever room it came from. */
  async settled(document: DocumentName): Promise<void> {
    const isOnItsWay = (): boolean =>
      [...this.#waiting.values(), ...this.#committing].some(({ room }) => room.document === document)
    while (isOnItsWay()) await this.#turn
  }

  async #run(): Promise<void> {
    // One turn of the queue first, so that frames which arrive together are committed together.
    await Promise.resolve()
    while (this.#waiting.size > 0) {
      await this.#keepPace()
      const groups = [...this.#waiting.values()]
      this.#waiting = new Map()
      this.#committing = groups
      this.#turn = this.#commit(groups)
      await this.#turn
      this.#committing = []
    }
    this.#running = null
  }

  async #keepPace(): Promise<void> {
    const now = this.#clock.now()
    const oldest = this.#begun.length < PACE_COMMITS ? undefined : this.#begun.shift()
    // Never longer than that, also when the clock was set back meanwhile.
    const wait = oldest === undefined ? 0 : Math.min(PACE_MS, oldest + PACE_MS - now)
    if (wait > 0) {
      // The turn that `settled` waits for.
      this.#turn = new Promise((resolve) => void this.#clock.after(wait, resolve))
      await this.#turn
    }
    this.#begun.push(this.#clock.now())
  }
}
