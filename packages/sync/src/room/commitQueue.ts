import type { Clock, Instant } from '@dongbo/kernel/clock.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { FencingToken } from '../ports/leases.ts'
import {
  Fenced,
  SequenceConflict,
  type ClientOwner,
  type LogEntry,
  type Seq,
  type UpdateLog,
} from '../ports/updateLog.ts'
import { SILENT_METER, type RoomMeter } from './meter.ts'

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

interface Waiting {
  readonly room: Committer
  /** The lease under which they were judged: a room that has ended since must not write without one. */
  readonly fence: FencingToken | null
  readonly entries: LogEntry[]
  readonly owners: ClientOwner[]
}

export interface CommitFigures {
  readonly commits: number
  readonly entries: number
  /** Entries of the last commit. */
  readonly lastGroup: number
  /** Entries that wait for a commit now. */
  readonly waiting: number
}

/**
 * So many commits may begin within so long. Alone, an edit is committed at once; when they come without end, a commit
 * carries a few more and costs less by as much, for a wait of half of 8 ms.
 */
const PACE_COMMITS = 8
const PACE_MS = 64

/** So many rooms that fail one after another mean that the log is out of reach: the others need not wait for as long. */
const FAILURES_IN_A_ROW = 3

/**
 * One commit at a time for all rooms: whatever arrives while a commit runs forms the next group, so the dearer a commit
 * is, the more it carries.
 */
export class CommitQueue {
  readonly #log: UpdateLog
  readonly #clock: Clock
  readonly #meter: RoomMeter
  #waiting = new Map<Committer, Waiting>()
  #running: Promise<void> | null = null
  /** The groups of the commit that runs now. */
  #committing: readonly Waiting[] = []
  #turn: Promise<void> = Promise.resolve()
  /** When the last commits began, oldest first. */
  readonly #begun: Instant[] = []
  #commits = 0
  #entries = 0
  #lastGroup = 0

  constructor(log: UpdateLog, clock: Clock, meter: RoomMeter = SILENT_METER) {
    this.#log = log
    this.#clock = clock
    this.#meter = meter
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

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.#running !== null) await this.#running
  }

  /** Resolves when nothing of this document is on its way any more, whichever room it came from. */
  async settled(document: DocumentName): Promise<void> {
    const isOnItsWay = (): boolean =>
      [...this.#waiting.values(), ...this.#committing].some(({ room }) => room.document === document)
    while (isOnItsWay()) await this.#turn
  }

  figures(): CommitFigures {
    let waiting = 0
    for (const group of this.#waiting.values()) waiting += group.entries.length
    return { commits: this.#commits, entries: this.#entries, lastGroup: this.#lastGroup, waiting }
  }

  async #run(): Promise<void> {
    // One turn of the queue first, so that frames which arrive together are committed together.
    await Promise.resolve()
    while (this.#waiting.size > 0) {
      await this.#keepPace()
      const groups = [...this.#waiting.values()]
      this.#waiting = new Map()
      this.#committing = groups
      this.#turn = this.#commit(groups).then(() => undefined)
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

  /** Whether all of it is durable; each room has been told. */
  async #commit(groups: readonly Waiting[]): Promise<boolean> {
    const fences = new Map<DocumentName, FencingToken>()
    for (const { room, fence } of groups) if (fence !== null) fences.set(room.document, fence)
    const asked = this.#clock.now()
    try {
      await this.#log.append({
        fences,
        entries: groups.flatMap((group) => group.entries),
        newOwners: groups.flatMap((group) =>
          group.owners.map((owner) => ({ ...owner, document: group.room.document })),
        ),
      })
    } catch (error) {
      if (groups.length > 1) await this.#commitApart(groups, error)
      else for (const group of groups) this.#fail(group, error)
      return false
    }
    this.#commits++
    this.#lastGroup = 0
    const now = this.#clock.now()
    for (const { room, entries } of groups) {
      this.#lastGroup += entries.length
      const last = entries.at(-1)
      if (last !== undefined) this.#tell(room, last.seq, now)
    }
    this.#entries += this.#lastGroup
    this.#meter.committed(this.#lastGroup, now - asked)
    return true
  }

  /** A room that cannot take it is lost; the queue goes on, or nobody's work would ever be durable again. */
  #tell(room: Committer, upTo: Seq, now: Instant): void {
    try {
      room.committed(upTo, now)
    } catch (error) {
      room.failed('unreachable', error)
    }
  }

  /** One room's bad entry must not fail the others: each is tried by itself, until it looks as if the log were away. */
  async #commitApart(groups: readonly Waiting[], error: unknown): Promise<void> {
    let failures = 0
    for (const group of groups) {
      if (failures >= FAILURES_IN_A_ROW) this.#fail(group, error)
      else failures = (await this.#commit([group])) ? 0 : failures + 1
    }
  }

  #fail({ room }: Waiting, error: unknown): void {
    this.#waiting.delete(room)
    const isLostRace = error instanceof SequenceConflict || error instanceof Fenced
    room.failed(isLostRace ? 'conflict' : 'unreachable', error)
  }
}
