import type { Instant } from '@dongbo/kernel/clock.ts'
import { unreachable } from '@dongbo/kernel/assert.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import type { FencingToken } from '../ports/leases.ts'
import { Fenced, seq, type ClientOwner, type Seq } from '../ports/updateLog.ts'
import type { DurableContent, TailEntry } from './durableContent.ts'
import type { Judge, Submission, Verdicts } from './judge.ts'
import { LiveDocument, type Outcome } from './liveDocument.ts'
import type { MemberId } from './state.ts'
import type { RoomSurroundings } from './surroundings.ts'

/** How often in a row others may be quicker at the log before a room gives up. */
const RACES_LOST_LIMIT = 8

/** Under which lease a judge writes, where several nodes may. */
export interface Writing {
  /** Checked by the log with every append. */
  readonly fence: FencingToken | null
  /** The lease is another's: nothing of this was written. Oldest first. */
  lost(submissions: readonly Submission[]): void
}

/** What is in the live document and not known to be durable. */
interface InFlight {
  readonly submission: Submission
  /** The entry that it is, or, when it changed nothing, the newest that it builds on. */
  readonly seq: Seq
  readonly emitted: Uint8Array | null
}

/**
 * Judges on this node and writes into the log itself. The Y.Doc is built when something has to be judged. Whoever else
 * writes into the log is followed: when another was quicker, what he wrote is read, and what is in flight here is judged
 * anew behind it, in order.
 */
export class LocalJudge implements Judge {
  readonly document: DocumentName
  readonly #content: DurableContent
  readonly #around: RoomSurroundings
  readonly #room: Verdicts
  readonly #writing: Writing | null
  #owners: Map<number, PersonId>
  /** Set while `#owners` may name who was never written down as the owner. */
  #ownersInDoubt = false
  #live: LiveDocument | null = null
  #inFlight: InFlight[] = []
  #inFlightBytes = 0
  /** What waits to be judged, oldest first: what comes while the log is being read, and what is judged anew after it. */
  #queue: Submission[] = []
  #reading: Promise<void> | null = null
  #wanted: Seq = seq(0)
  #racesLost = 0
  /** Whose copies are ahead of ours for ever: what they sent behind the refused message must not come in. */
  readonly #refused = new Set<MemberId>()
  #stopped = false

  /**
   * @param content changed by the room alone, as it hears of commits
   * @param writing null when it writes without a lease: then it only races for positions
   */
  constructor(
    document: DocumentName,
    content: DurableContent,
    owners: readonly ClientOwner[],
    around: RoomSurroundings,
    room: Verdicts,
    writing: Writing | null = null,
  ) {
    this.document = document
    this.#content = content
    this.#owners = ownersOf(owners)
    this.#around = around
    this.#room = room
    this.#writing = writing
  }

  get fence(): FencingToken | null {
    return this.#writing?.fence ?? null
  }

  get busy(): boolean {
    return this.#inFlight.length > 0 || this.#reading !== null
  }

  get isLive(): boolean {
    return this.#live !== null
  }

  submit(submission: Submission): void {
    if (this.#stopped) return this.#settle(submission)
    if (this.#reading !== null) return void this.#queue.push(submission)
    // Nothing is under way that was sent behind a refused message, and the room takes nothing more from its author.
    if (this.#inFlight.length === 0) this.#refused.clear()
    this.#judge(submission)
  }

  missing(stateVector: Uint8Array): Uint8Array | null {
    return this.busy ? null : (this.#need()?.missing(stateVector) ?? null)
  }

  snapshot(): Uint8Array | null {
    return this.busy ? null : (this.#need()?.snapshot() ?? null)
  }

  state(): Uint8Array | null {
    return this.busy || this.#live === null ? null : this.#live.state()
  }

  rest(): boolean {
    if (this.busy) return false
    this.#live = null
    return true
  }

  stop(): void {
    this.#stopped = true
    this.#live = null
    for (const { submission } of this.#inFlight) this.#settle(submission)
    for (const submission of this.#queue) this.#settle(submission)
    this.#inFlight = []
    this.#queue = []
  }

  sessions(): readonly string[] {
    return []
  }

  regrant(): void {
    // Whoever writes here has a seat, which knows his rights.
  }

  async catchUp(head: Seq): Promise<void> {
    if (head > this.#wanted) this.#wanted = head
    // What is in flight claims positions of its own: the log tells soon whether they were free.
    if (this.#inFlight.length === 0) this.#read()
    while (this.#reading !== null) await this.#reading
  }

  async progress(): Promise<void> {
    while (this.#reading !== null) await this.#reading
  }

  /** These are durable, as another node says, in order. */
  heard(entries: readonly TailEntry[]): void {
    const news = entries.filter((entry) => entry.seq > this.#content.upTo)
    const [first] = news
    const last = news.at(-1)
    if (this.#stopped || first === undefined || last === undefined) return
    const canFollow = !this.busy && first.seq === this.#content.upTo + 1
    if (!canFollow) return void this.catchUp(last.seq)
    try {
      this.#live?.follow(news)
      this.#room.committed(news, this.#around.clock.now())
    } catch (error) {
      this.#room.broken('restart', 'follow', error)
    }
  }

  /** `CommitQueue` says so. */
  committed(upTo: Seq, now: Instant): void {
    if (this.#stopped) return
    this.#racesLost = 0
    const durable = this.#inFlight.filter((one) => one.seq <= upTo)
    for (const { submission } of durable) this.#settle(submission)
    this.#inFlight = this.#inFlight.filter((one) => one.seq > upTo)
    const entries = durable.flatMap(({ seq, emitted, submission }) =>
      emitted === null ? [] : [{ seq, update: emitted, author: submission.member }],
    )
    for (const { update } of entries) this.#inFlightBytes -= update.length
    this.#room.committed(entries, now)
    if (this.#inFlight.length === 0 && this.#wanted > this.#content.upTo) this.#read()
  }

  /** `CommitQueue` says so: nothing of what is in flight has been written. */
  failed(because: 'conflict' | 'unreachable', error: unknown): void {
    if (this.#stopped) return
    if (because === 'unreachable') return this.#room.broken('overloaded', because, error)
    if (error instanceof Fenced && this.#writing !== null) return this.#handBack(this.#writing)
    this.#racesLost++
    if (this.#racesLost > RACES_LOST_LIMIT) return this.#room.broken('restart', because, error)
    // What stands at their positions now is not theirs, and must not be taken for it.
    for (const { submission } of this.#inFlight) this.#room.contested(submission)
    this.#read()
  }

  #handBack(writing: Writing): void {
    const submissions = [...this.#inFlight.map(({ submission }) => submission), ...this.#queue]
    for (const submission of submissions) this.#room.contested(submission)
    this.#inFlight = []
    this.#inFlightBytes = 0
    this.#queue = []
    // It holds what was in flight, which may not be in any more, nor be his under whose client ids it was.
    this.#live = null
    this.#ownersInDoubt = true
    writing.lost(submissions)
  }

  #judge(submission: Submission): void {
    const { member } = submission
    const live = this.#stopped || this.#refused.has(member) ? null : this.#need()
    if (live === null) return this.#settle(submission)
    const outcome = this.#take(live, submission)
    if (outcome.as !== 'in') this.#settle(submission)
    switch (outcome.as) {
      case 'gap':
        return this.#room.gap(submission, live.stateVector())
      case 'refused':
        this.#refused.add(member)
        return this.#room.refused(submission, outcome.refusal)
      case 'unfaithful':
        return this.#room.unfaithful(submission)
      case 'in':
        return this.#place(submission, outcome.emitted, outcome.newOwners)
      default:
        return unreachable(outcome)
    }
  }

  #take(live: LiveDocument, submission: Submission): Outcome {
    const { update, author, doubtedId } = submission
    try {
      return live.take(update, author.grant, this.#content.bytes + this.#inFlightBytes, doubtedId)
    } catch (error) {
      // A defect of ours. It costs its socket, and must not wait for the log for ever.
      this.#settle(submission)
      throw error
    }
  }

  #place(submission: Submission, emitted: Uint8Array | null, newOwners: readonly ClientOwner[]): void {
    const newest = this.#inFlight.at(-1)?.seq ?? this.#content.upTo
    if (emitted === null) {
      // It is as durable as what it repeats, which may still be in flight, and may still lose.
      if (this.#inFlight.length > 0) this.#inFlight.push({ submission, seq: newest, emitted })
      else this.#settle(submission)
      return this.#room.placed(submission, newest)
    }
    const at = seq(newest + 1)
    this.#inFlight.push({ submission, seq: at, emitted })
    this.#inFlightBytes += emitted.length
    this.#room.placed(submission, at)
    const { personId, bodyId } = submission.author.grant.principal
    const entry = { document: this.document, seq: at, update: emitted, personId, bodyId, at: this.#around.clock.now() }
    this.#around.commits.add(this, entry, newOwners)
  }

  #settle({ ticket }: Submission): void {
    this.#around.backlog.leave(ticket)
  }

  /** Null when what is durable does not load: then the room is over. */
  #need(): LiveDocument | null {
    try {
      return (this.#live ??= new LiveDocument(this.#content, this.#owners, this.#around.decisionsOn))
    } catch (error) {
      this.#room.broken('overloaded', 'load', error)
      return null
    }
  }

  #read(): void {
    this.#reading ??= this.#readOthers().catch((error: unknown) => {
      this.#reading = null
      if (!this.#stopped) this.#room.broken('overloaded', 'catch up', error)
    })
  }

  /** Follows what others wrote; then judges anew what was in flight, and what came meanwhile. */
  async #readOthers(): Promise<void> {
    const wanted = this.#wanted
    const others = await this.#around.log.entriesAfter(this.document, this.#content.upTo)
    // Whoever was quicker may have brought client ids that are nobody's for us, and ours were not written down.
    const isInDoubt = this.#ownersInDoubt || this.#inFlight.length > 0
    const stored = isInDoubt ? await this.#around.log.load(this.document) : null
    if (this.#stopped) return
    // Until each is judged it stays in the queue, so that a fault on the way leaves nobody behind.
    this.#queue = [...this.#inFlight.map(({ submission }) => submission), ...this.#queue]
    this.#inFlight = []
    this.#inFlightBytes = 0
    const entries = others.map((entry) => ({ ...entry, author: null }))
    if (isInDoubt) {
      if (stored !== null) this.#owners = ownersOf(stored.owners)
      this.#ownersInDoubt = false
      // It holds what was in flight, which may not be in any more, and the owners of before.
      this.#live = null
    } else this.#live?.follow(entries)
    if (entries.length > 0) this.#room.committed(entries, this.#around.clock.now())
    this.#reading = null
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      this.#judge(next)
      this.#queue.shift()
    }
    const isBehind = this.#wanted > wanted && this.#wanted > this.#content.upTo
    if (isBehind && this.#inFlight.length === 0 && !this.#stopped) this.#read()
  }
}

function ownersOf(owners: readonly ClientOwner[]): Map<number, PersonId> {
  return new Map(owners.map(({ clientId, personId }) => [clientId, personId]))
}
