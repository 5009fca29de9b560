import { instant, type Cancel, type Instant } from '@dongbo/kernel/clock.ts'
import { unreachable } from '@dongbo/kernel/assert.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { Grant } from '../ports/grants.ts'
import type { FencingToken, NodeId } from '../ports/leases.ts'
import { seq, type ClientOwner, type Seq } from '../ports/updateLog.ts'
import type { DurableContent } from './durableContent.ts'
import { ForwardedUpdates } from './forwarded.ts'
import type { Judge, SharedVerdicts, Submission } from './judge.ts'
import { LocalJudge, type Writing } from './localJudge.ts'
import type { Listener, NodeLink, PresenceListener } from './nodeLink.ts'
import type { Answer, ContentNotice, Forwarded } from './notices.ts'
import { NodeVerdicts } from './nodeVerdicts.ts'
import { PendingUpdates, type Pending } from './pendingUpdates.ts'
import type { RoomSurroundings } from './surroundings.ts'

type Ownership =
  /** Nobody has written here yet. */
  | { readonly is: 'unknown' }
  | { readonly is: 'deciding' }
  | { readonly is: 'ours'; readonly token: FencingToken }
  | { readonly is: 'theirs'; readonly holder: NodeId }

/** A node that is asked answers within milliseconds; one that is dead or frozen is not waited for much longer. */
const ANSWER_WITHIN_MS = 1_000
/** An answer that somebody else judges is believed at once, but not again and again. */
const DECIDE_AGAIN_AFTER_MS = 100
/** Two nodes that cannot speak to each other take a document from each other: each keeps it for long enough to write. */
const SEIZE_AFTER_MS = { least: 50, spread: 200 }

/**
 * The judge of a document that several nodes have open. One of them holds its lease, judges and writes; the others send
 * it what their people write, and follow. Whoever wants to write and gets no answer claims the lease, and judges by
 * himself what was not answered: an update that is in already changes nothing.
 */
export class SharedJudge implements Judge, Writing, Listener {
  readonly document: DocumentName
  readonly room: number
  readonly #link: NodeLink
  readonly #content: DurableContent
  readonly #around: RoomSurroundings
  readonly #verdicts: SharedVerdicts
  readonly #local: LocalJudge
  readonly #forwarded: ForwardedUpdates
  readonly #spread: NodeVerdicts
  readonly #pending: PendingUpdates
  #ownership: Ownership = { is: 'unknown' }
  /** Set while an answer is waited for. */
  #watching: Cancel | null = null
  /** Forwarded updates are taken one after another, although rights are asked for in between. */
  #asking: Promise<void> = Promise.resolve()
  #progress = Promise.withResolvers<void>()
  /** Another node has judged here: one that cannot be asked may still live. */
  #hasMetOther = false
  #decidedAt: Instant = instant(0)
  #stopped = false

  constructor(
    document: DocumentName,
    content: DurableContent,
    owners: readonly ClientOwner[],
    around: RoomSurroundings,
    verdicts: SharedVerdicts & PresenceListener,
    link: NodeLink,
  ) {
    this.document = document
    this.room = link.newRoom()
    this.#link = link
    this.#content = content
    this.#around = around
    this.#verdicts = verdicts
    const forwarded = new ForwardedUpdates(around.backlog, (one, answer) => link.answer(one, answer))
    this.#forwarded = forwarded
    const { room } = this
    this.#spread = new NodeVerdicts({ document, room, content, link, around, forwarded, here: verdicts })
    this.#local = new LocalJudge(document, content, owners, around, this.#spread, this)
    this.#pending = new PendingUpdates(around.backlog)
    link.open(this, verdicts)
  }

  get fence(): FencingToken | null {
    return this.#ownership.is === 'ours' ? this.#ownership.token : null
  }

  get busy(): boolean {
    return this.#local.busy || this.#pending.size > 0
  }

  get isLive(): boolean {
    return this.#local.isLive
  }

  submit(submission: Submission): void {
    if (this.#stopped) return
    if (this.#ownership.is === 'ours') return this.#local.submit(submission)
    const pending = this.#pending.add(submission)
    if (this.#ownership.is === 'unknown') this.#decide()
    else if (this.#ownership.is === 'theirs') this.#forward(this.#ownership.holder, [pending])
  }

  missing(stateVector: Uint8Array): Uint8Array | null {
    return this.#local.missing(stateVector)
  }

  snapshot(): Uint8Array | null {
    return this.#local.snapshot()
  }

  state(): Uint8Array | null {
    return this.#local.state()
  }

  rest(): boolean {
    return this.#local.rest()
  }

  sessions(): readonly string[] {
    return this.#forwarded.sessions()
  }

  regrant(sessionId: string, grant: Grant | null): void {
    this.#forwarded.regrant(sessionId, grant)
  }

  async catchUp(head: Seq): Promise<void> {
    await this.#local.catchUp(head)
  }

  async progress(): Promise<void> {
    await this.#local.progress()
    if (this.#pending.size > 0) await this.#progress.promise
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#local.stop()
    this.#forwarded.giveUp()
    this.#watching?.()
    this.#pending.dropAll()
    this.#progressed()
    this.#link.close(this)
    if (this.#ownership.is === 'ours') this.#link.later(this.#link.giveUp(this.document))
    this.#ownership = { is: 'unknown' }
  }

  hear(notice: ContentNotice): void {
    if (this.#stopped) return
    if (notice.kind === 'grown') this.#link.later(this.#local.catchUp(notice.head))
    else {
      const { first } = notice
      const entries = notice.entries.map(({ update, author }, index) => {
        const isOurs = author?.node === this.#link.node && author.room === this.room
        return { seq: seq(first + index), update, author: isOurs ? author.member : null }
      })
      this.#spread.whileHearing(() => this.#local.heard(entries))
    }
    // Whoever tells what is durable has written it.
    if (this.#ownership.is === 'theirs' && this.#ownership.holder !== notice.from) this.#follow(notice.from)
  }

  asked(forwarded: Forwarded): void {
    this.#asking = this.#asking.then(async () => {
      try {
        const grant = await this.#link.grantFor(forwarded.sessionId, this.document)
        if (this.#stopped || this.#ownership.is !== 'ours') {
          this.#link.answer(forwarded, { as: 'not-mine' })
          // The other takes this node for the judge: it may be, without knowing it any more.
          if (!this.#stopped) this.#decide()
        } else if (grant === null) this.#link.answer(forwarded, { as: 'shut-out' })
        else {
          const submission = this.#forwarded.take(forwarded, grant, this.#around.clock.now())
          if (submission !== null) this.#judgeForOther(submission)
        }
      } catch (error) {
        // No answer: whoever asked asks again, and nothing of it was kept.
        this.#around.events.failed(this.document, 'judge for another node', error)
      }
    })
  }

  /** A defect of ours costs its socket there as it does here, and must not be asked for again and again. */
  #judgeForOther(submission: Submission): void {
    this.#verdicts.judging()
    try {
      this.#local.submit(submission)
    } catch (error) {
      this.#forwarded.decided(submission, { as: 'failed' }, this.#content.upTo)
      throw error
    }
  }

  answered(request: number, answer: Answer): void {
    const pending = this.#pending.find(request)
    if (this.#stopped || pending === null) return
    if (answer.as === 'not-mine') {
      if (this.#ownership.is === 'theirs' && this.#around.clock.now() - this.#decidedAt > DECIDE_AGAIN_AFTER_MS)
        this.#decide()
      return
    }
    const { submission } = pending
    this.#pending.answered(pending)
    switch (answer.as) {
      case 'in':
        // Usually the entries have come before the answer; otherwise they stand in the log.
        if (answer.upTo > this.#content.upTo) this.#link.later(this.#local.catchUp(answer.upTo))
        this.#verdicts.placed(submission, answer.upTo)
        break
      case 'gap':
        this.#verdicts.gap(submission, answer.stateVector)
        break
      case 'refused':
        // What its author sent behind it is not looked at, neither there nor here.
        this.#pending.dropOf(submission.member)
        this.#verdicts.refused(submission, answer.refusal)
        break
      case 'unfaithful':
        this.#verdicts.unfaithful(submission)
        break
      case 'shut-out':
        this.#pending.dropOf(submission.member)
        this.#verdicts.turnedAway(submission, 'no-such-document')
        break
      case 'failed':
        this.#pending.dropOf(submission.member)
        this.#verdicts.turnedAway(submission, 'overloaded')
        break
      default:
        unreachable(answer)
    }
    this.#progressed()
  }

  /** `LocalJudge` says so: another node holds the lease now, and nothing of this was written. */
  lost(submissions: readonly Submission[]): void {
    this.#forwarded.giveUp()
    this.#pending.putBack(submissions.filter((submission) => !this.#forwarded.has(submission)))
    this.#hasMetOther = true
    this.#ownership = { is: 'unknown' }
    if (this.#pending.size > 0) this.#decide()
  }

  /** Finds out who judges, and lets him have what waits. */
  #decide(): void {
    if (this.#ownership.is === 'deciding') return
    this.#ownership = { is: 'deciding' }
    this.#decidedAt = this.#around.clock.now()
    const claim = this.#claim().catch((error: unknown) => {
      if (!this.#stopped) this.#verdicts.broken('overloaded', 'lease', error)
    })
    this.#link.later(claim)
  }

  async #claim(): Promise<void> {
    const { leases } = this.#link
    await this.#link.givenUp(this.document)
    let lease = await leases.claim(this.document)
    if (lease.holder !== leases.node && !this.#link.connected && !this.#stopped) {
      // The holder cannot be asked. Nobody would wait for a dead one, and two that live take turns.
      if (this.#hasMetOther) await this.#moment()
      lease = await leases.seize(this.document)
    }
    if (this.#stopped) {
      if (lease.holder === leases.node) await this.#link.giveUp(this.document)
      return
    }
    if (lease.holder !== leases.node) return this.#follow(lease.holder)
    this.#judgeHere(lease.token)
  }

  #judgeHere(token: FencingToken): void {
    this.#ownership = { is: 'ours', token }
    // What the holder before wrote comes first: the queue waits until it has been read.
    this.#link.later(this.#local.catchUp(seq(0)))
    for (const { submission } of this.#pending.takeAll()) this.#local.submit(submission)
    this.#progressed()
  }

  #follow(holder: NodeId): void {
    this.#hasMetOther = true
    this.#ownership = { is: 'theirs', holder }
    this.#forward(holder, this.#pending.all)
  }

  #forward(holder: NodeId, pending: readonly Pending[]): void {
    const { node } = this.#link
    const now = this.#around.clock.now()
    for (const one of pending) {
      one.askedAt = now
      const { member, update, reply, doubtedId, sessionId } = one.submission
      this.#link.tell(holder, {
        kind: 'forward',
        document: this.document,
        author: { node, room: this.room, member },
        request: one.request,
        previous: this.#pending.before(one),
        sessionId,
        reply,
        doubtedId,
        update,
      })
    }
    this.#watch()
  }

  /** Answers to others prove nothing for whoever waits: his update, or the answer to it, may have been lost. */
  #watch(): void {
    const asked = this.#pending.oldestAskedAt
    if (this.#watching !== null || asked === null) return
    const now = this.#around.clock.now()
    // Never longer than that, also when the clock was set back meanwhile.
    const left = Math.min(ANSWER_WITHIN_MS, Math.max(0, asked + ANSWER_WITHIN_MS - now))
    this.#watching = this.#around.clock.after(left, () => {
      this.#watching = null
      if (this.#stopped) return
      if (this.#waitsTooLong() && this.#ownership.is === 'theirs') this.#decide()
      else if (this.#ownership.is === 'theirs') this.#watch()
    })
  }

  #waitsTooLong(): boolean {
    const asked = this.#pending.oldestAskedAt
    const waited = asked === null ? 0 : this.#around.clock.now() - asked
    return waited >= ANSWER_WITHIN_MS || waited < 0
  }

  async #moment(): Promise<void> {
    const ms = SEIZE_AFTER_MS.least + this.#around.random.below(SEIZE_AFTER_MS.spread)
    await new Promise<void>((resolve) => void this.#around.clock.after(ms, resolve))
  }

  #progressed(): void {
    this.#progress.resolve()
    this.#progress = Promise.withResolvers()
  }
}
