import type { Instant } from '@dongbo/kernel/clock.ts'
import { unreachable } from '@dongbo/kernel/assert.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import { readClientMessage, syncStep2Message } from '@dongbo/protocol/messages.ts'
import type { Grant } from '../ports/grants.ts'
import { seq, type Seq, type StoredDocument } from '../ports/updateLog.ts'
import type { Refusal } from '../gate/refusal.ts'
import type { ClientLeases } from './clientLeases.ts'
import { isNothing, readStateVector, type DurableContent, type TailEntry } from './durableContent.ts'
import type { Judge, SharedVerdicts, Submission } from './judge.ts'
import { Growth } from './growth.ts'
import type { PresenceListener } from './nodeLink.ts'
import { PresenceBoard } from './presenceBoard.ts'
import { Seats, type Seat } from './seats.ts'
import type { RoomSurroundings, Visitor } from './surroundings.ts'
import { openState, type MemberId, type RoomState } from './state.ts'
import { step, type Effect, type Input } from './step.ts'
import { Timers } from './timers.ts'
import { Upkeep } from './upkeep.ts'

interface RoomFigures {
  readonly sockets: number
  readonly isLive: boolean
  readonly tailEntries: number
  readonly tailBytes: number
}

const SLOW_POLL_MS = 100

/**
 * Below this the base is looked through for whoever has an old copy; above, a live document is built, which costs twice
 * as much and answers everybody who comes back after him for a twentieth.
 */
const LOOK_THROUGH_LIMIT_BYTES = 65_536

/**
 * Performs what `step` decides for one open document: holds the sockets and the timers, and hands what is written to its
 * judge. All its methods run to the end without waiting, so frames are handled one after another.
 */
export class Room implements SharedVerdicts, PresenceListener {
  readonly document: DocumentName
  readonly generation: string
  readonly leases: ClientLeases
  /** Who is on his way in, and has not sat down yet. */
  expected = 0
  readonly #around: RoomSurroundings
  readonly #state: RoomState
  readonly #judge: Judge
  readonly #upkeep: Upkeep
  readonly #seats: Seats
  readonly #presence: PresenceBoard
  readonly #onEmpty: () => void
  readonly #timers: Timers
  readonly #growth = new Growth()
  #slowPollScheduled = false
  #over = false

  /** @param judgeFor makes the judge of this room, who tells it his verdicts */
  constructor(
    document: DocumentName,
    stored: StoredDocument,
    content: DurableContent,
    leases: ClientLeases,
    around: RoomSurroundings,
    judgeFor: (room: SharedVerdicts & PresenceListener) => Judge,
    onEmpty: () => void,
  ) {
    this.document = document
    this.generation = stored.generation
    this.leases = leases
    this.#around = around
    this.#state = openState(content, around.clock.now())
    this.#judge = judgeFor(this)
    this.#seats = new Seats(around)
    this.#timers = new Timers(around.clock)
    const later = (ms: number, task: () => void): void => this.#timers.after(ms, task)
    const fold = (base: Uint8Array): void => this.#do({ kind: 'folded', base })
    this.#upkeep = new Upkeep(
      { document, state: this.#state, judge: this.#judge, around, fold, later },
      stored.snapshot?.upTo ?? seq(0),
    )
    this.#presence = new PresenceBoard({
      ...{ random: around.random, clock: around.clock, later },
      broadcast: (message) => this.#seats.broadcast(message),
      tellOtherNodes: (message) => around.tellPresence(document, message),
    })
    this.#onEmpty = onEmpty
  }

  get size(): number {
    return this.#seats.size
  }

  /** Whether something was submitted that is not yet durable. */
  get busy(): boolean {
    return this.#judge.busy
  }

  /** The newest durable entry that is known here. */
  get head(): Seq {
    return this.#state.content.upTo
  }

  /** True once the room was thrown away: nobody may join it any more. */
  get over(): boolean {
    return this.#over
  }

  join(visitor: Visitor): MemberId {
    const member = this.#seats.add(visitor)
    const { grant, clientId, doubtedId } = visitor
    const welcome = clientId === null ? null : { generation: this.generation, clientId }
    this.#do({ kind: 'joined', member, welcome, doubtedId })
    this.#sendPresence(member)
    this.#presence.enter(member, grant.principal)
    return member
  }

  leave(member: MemberId): void {
    const seat = this.#seats.get(member)
    if (seat === undefined) return
    const isReleased = this.#state.members.get(member)?.released === true
    if (seat.visitor.clientId !== null && !isReleased) this.leases.leave(seat.visitor.clientId)
    this.#seats.remove(member)
    this.#do({ kind: 'left', member })
    this.#presence.leave(member)
    if (this.#seats.size === 0 && !this.#over) this.#onEmpty()
  }

  receive(member: MemberId, frame: Uint8Array): void {
    const seat = this.#seats.get(member)
    if (seat === undefined || this.#over) return
    const message = readClientMessage(frame)
    if (!message.ok) return this.#close(member, 'bad-frame')
    const asks = message.value.type === 'sync-step-1'
    if (!this.#seats.mayReceive(seat, frame.length, asks)) return this.#close(member, 'slow-down')
    switch (message.value.type) {
      case 'sync-step-1':
        return this.#answer(member, message.value.stateVector)
      case 'update':
        return this.#submit(member, seat, message.value.update, message.value.reply)
      case 'awareness':
        if (!this.#presence.hear(member, message.value.update)) this.#close(member, 'bad-frame')
        return
      case 'query-awareness':
        return this.#sendPresence(member)
      case 'release':
        return this.#do({ kind: 'released', member })
      default:
        return unreachable(message.value)
    }
  }

  /** Judges everything that comes from now on from a session by its new grant; null closes its sockets. */
  regrant(sessionId: string, grant: Grant | null): void {
    this.#judge.regrant(sessionId, grant)
    for (const member of this.#seats.regrant(sessionId, grant)) this.#close(member, 'no-such-document')
  }

  /** The sessions whose rights count in here. */
  sessions(): ReadonlySet<string> {
    return new Set([...this.#seats.sessions(), ...this.#judge.sessions()])
  }

  /** Reads what others have written into the log, at least up to `head`. */
  async catchUp(head: Seq): Promise<void> {
    if (!this.#over && (head > this.#state.content.upTo || this.busy)) await this.#judge.catchUp(head)
  }

  /** Resolves when something of what is being read or judged has come to an end. */
  async progress(): Promise<void> {
    await this.#judge.progress()
  }

  placed({ member, count, reply }: Submission, upTo: Seq): void {
    this.#do({ kind: 'placed', member, count, reply, upTo, now: this.#around.clock.now() })
  }

  contested({ member, count }: Submission): void {
    this.#do({ kind: 'contested', member, count })
  }

  gap({ member, count }: Submission, stateVector: Uint8Array): void {
    this.#do({ kind: 'gap', member, count, stateVector })
  }

  refused({ member, count, author }: Submission, refusal: Refusal): void {
    this.#around.events.refused(this.document, author.grant.principal.personId, refusal.code)
    this.#do({ kind: 'refused', member, count, refusal })
  }

  committed(entries: readonly TailEntry[], now: Instant): void {
    for (const { update, author } of entries) {
      const seat = author === null ? undefined : this.#seats.get(author)
      this.#growth.grow(seat?.grant.principal.personId ?? null, update.length, now)
    }
    this.#do({ kind: 'committed', entries, now })
    this.#upkeep.foldWhenWorthIt()
    if (this.#seats.size === 0) this.#onEmpty()
  }

  unfaithful({ member, author }: Submission): void {
    this.#around.events.unfaithful(this.document, author.grant.principal.personId)
    this.#close(member, 'write-refused')
    this.end('restart')
  }

  turnedAway({ member }: Submission, reason: CloseReason): void {
    this.#close(member, reason)
  }

  judging(): void {
    this.#upkeep.used()
  }

  /** What is in flight may never be durable, so it must not be shown either. */
  broken(reason: CloseReason, because: string, error: unknown): void {
    this.#around.events.failed(this.document, because, error)
    this.end(reason)
  }

  /** Closes every socket and forgets the document. What was not committed is with its authors, who send it again. */
  end(reason: CloseReason): void {
    if (this.#over) return
    this.#over = true
    this.#judge.stop()
    this.#presence.close()
    this.#timers.stop()
    this.#seats.clear(reason)
    this.#state.members.clear()
    this.#onEmpty()
  }

  figures(): RoomFigures {
    const { tail, tailBytes } = this.#state.content
    return { sockets: this.#seats.size, isLive: this.#judge.isLive, tailEntries: tail.length, tailBytes }
  }

  /** See `Upkeep.snapshot`. */
  async snapshot(always: boolean): Promise<void> {
    await this.#upkeep.snapshot(always)
  }

  #answer(member: MemberId, stateVector: Uint8Array): void {
    // Who does not read what he has asked for gets no second copy of it.
    if (this.#seats.isSlow(member)) return this.#close(member, 'overloaded')
    const known = readStateVector(stateVector)
    if (known === null) return this.#close(member, 'bad-frame')
    this.#do({ kind: 'asked', member, answer: this.#beyond(stateVector, known) })
  }

  #beyond(stateVector: Uint8Array, known: ReadonlyMap<number, number>): readonly Uint8Array[] {
    const { content } = this.#state
    if (known.size === 0) return content.opening()
    if (content.base.length > LOOK_THROUGH_LIMIT_BYTES && !content.baseIsKnown(known)) {
      const missing = this.#judge.missing(stateVector)
      this.#upkeep.used()
      if (missing !== null) return [syncStep2Message(missing)]
    }
    return content.beyond(stateVector, known)
  }

  #submit(member: MemberId, seat: Seat, update: Uint8Array, reply: boolean): void {
    const state = this.#state.members.get(member)
    if (state === undefined || state.refused) return
    const { personId } = seat.grant.principal
    if (!this.#growth.mayGrow(personId, this.#around.clock.now())) return this.#close(member, 'slow-down')
    this.#do({ kind: 'received', member })
    if (this.#seats.get(member) === undefined) return
    // Whoever opens a document says that he has nothing beyond it: no live document is needed to see that.
    if (isNothing(update)) return this.#placedAtOnce(member, state.received, reply)
    this.#upkeep.used()
    const { backlog } = this.#around
    const ticket = backlog.enter(update.length)
    const { sessionId, doubtedId } = seat.visitor
    this.#judge.submit({ member, count: state.received, sessionId, update, reply, doubtedId, author: seat, ticket })
    if (this.#seats.get(member) !== undefined) backlog.holdBack(seat.visitor.socket)
  }

  /** What changes nothing is as durable as what is there; it is acknowledged behind what its author sent before. */
  #placedAtOnce(member: MemberId, count: number, reply: boolean): void {
    const upTo = this.#state.content.upTo
    this.#do({ kind: 'placed', member, count, reply, upTo, now: this.#around.clock.now() })
  }

  presenceHeard(message: Uint8Array): void {
    this.#presence.hearFromElsewhere(message)
  }

  presenceHere(): Uint8Array | null {
    return this.#seats.size === 0 ? null : this.#presence.here()
  }

  #sendPresence(member: MemberId): void {
    for (const message of this.#presence.everybody()) this.#send(member, message)
  }

  #freeClientId(member: MemberId): void {
    const seat = this.#seats.get(member)
    if (seat === undefined || seat.visitor.clientId === null) return
    this.leases
      .free(seat.grant.principal.personId, seat.visitor.clientId)
      .catch((error: unknown) => this.#around.events.failed(this.document, 'free a client id', error))
  }

  #do(input: Input): void {
    for (const effect of step(this.#state, input, (member) => this.#seats.isSlow(member))) this.#perform(effect)
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case 'send':
        return this.#send(effect.to, effect.message)
      case 'close':
        return this.#close(effect.member, effect.reason)
      case 'wait':
        return this.#timers.after(effect.ms, () => {
          this.#do({ kind: 'window-over', now: this.#around.clock.now() })
          this.#upkeep.foldWhenWorthIt()
        })
      case 'note-telling':
        return this.#around.meter.told(effect.bytes, effect.sockets)
      case 'await-drain':
        return this.#pollSlow()
      case 'free-client-id':
        return this.#freeClientId(effect.member)
      default:
        return unreachable(effect)
    }
  }

  #send(member: MemberId, message: Uint8Array): void {
    if (!this.#seats.send(member, message)) this.#close(member, 'overloaded')
  }

  #pollSlow(): void {
    if (this.#slowPollScheduled) return
    this.#slowPollScheduled = true
    this.#timers.after(SLOW_POLL_MS, () => {
      this.#slowPollScheduled = false
      let anySlow = false
      for (const member of [...this.#state.members.values()]) {
        if (member.slow && this.#seats.hasDrained(member.id)) this.#do({ kind: 'drained', member: member.id })
        anySlow ||= member.slow
      }
      if (anySlow) this.#pollSlow()
    })
  }

  #close(member: MemberId, reason: CloseReason): void {
    this.#seats.get(member)?.visitor.socket.close(reason)
    this.leave(member)
  }
}
