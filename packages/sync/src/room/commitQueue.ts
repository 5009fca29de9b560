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
import { CommitLane, type Committer, type Waiting } from './commitLane.ts'
import { SILENT_METER, type RoomMeter } from './meter.ts'

export interface CommitFigures {
  readonly commits: number
  readonly entries: number
  /** Entries of the last commit. */
  readonly lastGroup: number
  /** Entries that wait for a commit now. */
  readonly waiting: number
}

/**
 * So many rooms of a group that failed are tried at once, each by itself: fewer than the database has connections. When
 * all of them fail, the log is out of reach, and the others need not wait for as long.
 */
const APART_AT_ONCE = 8
/**
 * So long a document that failed while others did not is committed apart from them: a row that somebody else has locked
 * holds up its own people for a second at each try, and nobody else.
 */
const DOUBT_MS = 10_000

/** A document that the log would not take, and the lane in which it waits for itself alone. */
interface Doubt {
  readonly lane: CommitLane
  until: Instant
}

/** One commit at a time for all rooms together, and beside it those that the log has just not taken. */
export class CommitQueue {
  readonly #log: UpdateLog
  readonly #clock: Clock
  readonly #meter: RoomMeter
  readonly #together: CommitLane
  readonly #doubts = new Map<DocumentName, Doubt>()
  #commits = 0
  #entries = 0
  #lastGroup = 0

  constructor(log: UpdateLog, clock: Clock, meter: RoomMeter = SILENT_METER) {
    this.#log = log
    this.#clock = clock
    this.#meter = meter
    this.#together = new CommitLane(clock, async (groups) => await this.#commit(groups))
  }

  add(room: Committer, entry: LogEntry, owners: readonly ClientOwner[]): void {
    this.#laneOf(room.document).add(room, entry, owners)
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    for (;;) {
      const running = this.#lanes().find((lane) => lane.running !== null)
      if (running === undefined) return
      await running.running
    }
  }

  /** Resolves when nothing of this document is on its way any more, whichever room it came from. */
  async settled(document: DocumentName): Promise<void> {
    await this.#together.settled(document)
    await this.#doubts.get(document)?.lane.settled(document)
  }

  figures(): CommitFigures {
    const waiting = this.#lanes().reduce((sum, lane) => sum + lane.waiting, 0)
    return { commits: this.#commits, entries: this.#entries, lastGroup: this.#lastGroup, waiting }
  }

  #lanes(): readonly CommitLane[] {
    return [this.#together, ...[...this.#doubts.values()].map(({ lane }) => lane)]
  }

  /** Back among the others only when nothing of it is on its way: the order of a document's entries is that of its log. */
  #laneOf(document: DocumentName): CommitLane {
    const doubt = this.#doubts.get(document)
    if (doubt === undefined) return this.#together
    if (!this.#isOver(doubt)) return doubt.lane
    this.#doubts.delete(document)
    return this.#together
  }

  /** A clock that was set back ends it early. */
  #isOver({ lane, until }: Doubt): boolean {
    const left = until - this.#clock.now()
    return lane.running === null && (left <= 0 || left > DOUBT_MS)
  }

  #doubt({ room: { document } }: Waiting): void {
    const now = this.#clock.now()
    for (const [name, doubt] of this.#doubts) if (this.#isOver(doubt)) this.#doubts.delete(name)
    const doubt = this.#doubts.get(document)
    const until = (now + DOUBT_MS) as Instant
    if (doubt !== undefined) doubt.until = until
    else
      this.#doubts.set(document, {
        lane: new CommitLane(this.#clock, async (groups) => await this.#commit(groups)),
        until,
      })
  }

  async #commit(groups: readonly Waiting[]): Promise<void> {
    const refused = await this.#append(groups)
    if (refused === null) return
    const [only] = groups
    if (groups.length > 1 || only === undefined) await this.#commitApart(groups, refused.error)
    else this.#fail(only, refused.error, true)
  }

  /** One room's bad entry must not fail the others: each is tried by itself, until it looks as if the log were away. */
  async #commitApart(groups: readonly Waiting[], error: unknown): Promise<void> {
    let isAway = false
    for (let from = 0; from < groups.length; from += APART_AT_ONCE) {
      const some = groups.slice(from, from + APART_AT_ONCE)
      if (isAway) for (const group of some) this.#fail(group, error, false)
      else {
        const tried = await Promise.all(some.map(async (group) => ({ group, refused: await this.#append([group]) })))
        isAway = tried.every(({ refused }) => refused !== null)
        for (const { group, refused } of tried) if (refused !== null) this.#fail(group, refused.error, !isAway)
      }
    }
  }

  /** Null when all of it is durable, and each room has been told. */
  async #append(groups: readonly Waiting[]): Promise<{ readonly error: unknown } | null> {
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
      return { error }
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
    return null
  }

  /** A room that cannot take it is lost; the queue goes on, or nobody's work would ever be durable again. */
  #tell(room: Committer, upTo: Seq, now: Instant): void {
    try {
      room.committed(upTo, now)
    } catch (error) {
      room.failed('unreachable', error)
    }
  }

  #fail(group: Waiting, error: unknown, isDoubtful: boolean): void {
    const { room } = group
    const isLostRace = error instanceof SequenceConflict || error instanceof Fenced
    for (const lane of this.#lanes()) lane.forget(room)
    if (isDoubtful && !isLostRace) this.#doubt(group)
    room.failed(isLostRace ? 'conflict' : 'unreachable', error)
  }
}
