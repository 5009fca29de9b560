import type { Cancel, Instant } from '@dongbo/kernel/clock.ts'
import { unreachable } from '@dongbo/kernel/assert.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import { QUEUE_LIMIT_BYTES, SLOW_READER_BYTES } from '@dongbo/protocol/limits.ts'
import { readClientMessage } from '@dongbo/protocol/messages.ts'
import type { Grant } from '../ports/grants.ts'
import type { Seq } from '../ports/updateLog.ts'
import { newBudget, spend, type Budget } from './budget.ts'
import { LiveDocument } from './liveDocument.ts'
import { PresenceBoard } from './presenceBoard.ts'
import type { Replayed } from './replay.ts'
import type { RoomSurroundings, Visitor } from './surroundings.ts'
import { documentBytes, nextSeq, openState, type MemberId, type RoomState } from './state.ts'
import { step, type Effect, type Input } from './step.ts'

interface Seat {
  visitor: Visitor
  readonly budget: Budget
}

/** A snapshot is worth its cost once so much of the log stands behind the last one. */
const SNAPSHOT_ENTRIES = 500
/** A tail so long is folded into the base, however few bytes it has. */
const FOLD_ENTRIES = 200
const FOLD_BYTES = 16_384
const SLOW_POLL_MS = 100

/**
 * Performs what `step` decides for one open document: holds the live Y.Doc, the sockets and the timers. All its methods
 * run to the end without waiting, so frames are handled one after another.
 */
export class Room {
  readonly document: DocumentName
  readonly #around: RoomSurroundings
  readonly #live: LiveDocument
  readonly #state: RoomState
  readonly #seats = new Map<MemberId, Seat>()
  readonly #presence: PresenceBoard
  readonly #onEmpty: () => void
  readonly #timers = new Set<Cancel>()
  #snapshotAt: Seq
  #slowPollScheduled = false
  #nextMember: MemberId = 1
  #over = false

  constructor(
    document: DocumentName,
    replayed: Replayed,
    owners: ReadonlyMap<number, PersonId>,
    snapshotAt: Seq,
    around: RoomSurroundings,
    onEmpty: () => void,
  ) {
    this.document = document
    this.#around = around
    this.#live = new LiveDocument(replayed.doc, owners)
    this.#state = openState(this.#live.state(), replayed.upTo, around.clock.now())
    this.#presence = new PresenceBoard(
      around.random,
      (ms, task) => this.#later(ms, task),
      (message) => this.#broadcastPresence(message),
    )
    this.#snapshotAt = snapshotAt
    this.#onEmpty = onEmpty
  }

  get size(): number {
    return this.#seats.size
  }

  /** Whether something is applied that is not yet durable. */
  get busy(): boolean {
    return this.#state.inFlight.length > 0
  }

  /** True once the room was thrown away: nobody may join it any more. */
  get over(): boolean {
    return this.#over
  }

  join(visitor: Visitor): MemberId {
    const member = this.#nextMember++
    this.#seats.set(member, { visitor, budget: newBudget(this.#around.clock.now()) })
    const { speaksDongbo, grant } = visitor
    this.#do({ kind: 'joined', member, speaksDongbo, stateVector: this.#live.stateVector() })
    this.#send(member, this.#presence.everybody())
    this.#presence.enter(member, grant.principal)
    return member
  }

  leave(member: MemberId): void {
    if (!this.#seats.delete(member)) return
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
    if (!spend(seat.budget, frame.length, asks, this.#around.clock.now())) return this.#close(member, 'slow-down')
    switch (message.value.type) {
      case 'sync-step-1':
        return this.#answer(member, message.value.stateVector)
      case 'update':
        return this.#update(member, seat, message.value.update, message.value.reply)
      case 'awareness':
        if (!this.#presence.hear(member, message.value.update)) this.#close(member, 'bad-frame')
        return
      case 'query-awareness':
        return this.#send(member, this.#presence.everybody())
      case 'release':
        return
      default:
        return unreachable(message.value)
    }
  }

  /** Judges everything that comes from now on from a session by its new grant; null closes its sockets. */
  regrant(sessionId: string, grant: Grant | null): void {
    for (const [member, seat] of this.#seats) {
      if (seat.visitor.sessionId !== sessionId) continue
      if (grant === null) this.#close(member, 'no-such-document')
      else seat.visitor = { ...seat.visitor, grant }
    }
  }

  /** The sessions that have a socket in here. */
  sessions(): ReadonlySet<string> {
    return new Set([...this.#seats.values()].map((seat) => seat.visitor.sessionId))
  }

  /** `CommitQueue` says so. */
  committed(upTo: Seq, now: Instant): void {
    if (this.#over) return
    this.#do({ kind: 'committed', upTo, now })
    this.#foldWhenWorthIt()
    if (this.#seats.size === 0) this.#onEmpty()
  }

  /** `CommitQueue` says so: what is applied here will never be durable, so it must not be shown either. */
  failed(because: 'conflict' | 'unreachable', error: unknown): void {
    this.#around.events.failed(this.document, because, error)
    this.end(because === 'conflict' ? 'restart' : 'overloaded')
  }

  /** Closes every socket and forgets the document. What was not committed is with its authors, who send it again. */
  end(reason: CloseReason): void {
    if (this.#over) return
    this.#over = true
    for (const cancel of this.#timers) cancel()
    for (const { visitor } of this.#seats.values()) visitor.socket.close(reason)
    this.#seats.clear()
    this.#state.members.clear()
    this.#onEmpty()
  }

  /** Keeps a snapshot of the durable state if enough has happened, or anything when `always`. */
  async snapshot(always: boolean): Promise<void> {
    const { committed } = this.#state
    const behind = committed - this.#snapshotAt
    if (this.busy || behind === 0 || (!always && behind < SNAPSHOT_ENTRIES)) return
    const update = this.#live.snapshot()
    if (update === null) {
      this.#around.events.failed(this.document, 'snapshot does not load', null)
      return
    }
    const before = this.#snapshotAt
    this.#snapshotAt = committed
    try {
      await this.#around.log.saveSnapshot(this.document, committed, update)
    } catch (error) {
      this.#snapshotAt = before
      throw error
    }
  }

  #answer(member: MemberId, stateVector: Uint8Array): void {
    // Who does not read what he has asked for gets no second copy of it.
    if (this.#isSlow(member)) return this.#close(member, 'overloaded')
    const fresh = stateVector.length === 1 && stateVector[0] === 0
    // Only what is durable may be shown, so the live document answers only while nothing is in flight.
    const missing = fresh || this.busy ? null : this.#live.missing(stateVector)
    if (!fresh && !this.busy && missing === null) return this.#close(member, 'bad-frame')
    this.#do({ kind: 'asked', member, fresh, missing })
  }

  #update(member: MemberId, seat: Seat, update: Uint8Array, reply: boolean): void {
    if (this.#state.members.get(member)?.refused === true) return
    const { grant } = seat.visitor
    const { personId, bodyId } = grant.principal
    const size = documentBytes(this.#state)
    const outcome = this.#live.take(update, personId, this.#around.decideFor(this.#live.doc, grant), size)
    switch (outcome.as) {
      case 'gap':
        return this.#do({ kind: 'gap', member, stateVector: this.#live.stateVector() })
      case 'refused':
        this.#around.events.refused(this.document, personId, outcome.refusal.code)
        return this.#do({ kind: 'refused', member, refusal: outcome.refusal })
      case 'unfaithful':
        this.#around.events.unfaithful(this.document, personId)
        this.#close(member, 'write-refused')
        return this.end('restart')
      case 'in': {
        const { emitted, newOwners } = outcome
        const seq = nextSeq(this.#state)
        this.#do({ kind: 'accepted', member, emitted, reply })
        if (emitted === null) return
        const entry = { document: this.document, seq, update: emitted, personId, bodyId, at: this.#around.clock.now() }
        return this.#around.commits.add(this, entry, newOwners)
      }
      default:
        return unreachable(outcome)
    }
  }

  #broadcastPresence(message: Uint8Array): void {
    for (const { visitor } of this.#seats.values()) {
      if (visitor.socket.queuedBytes < SLOW_READER_BYTES) visitor.socket.send(message)
    }
  }

  /** Opening should stay cheap: a long tail becomes part of the base while nothing is in flight. */
  #foldWhenWorthIt(): void {
    const { tail, tailBytes, base, told, committed } = this.#state
    // What has not been told yet would be lost to those who wait for it.
    if (this.busy || told < committed) return
    if (tail.length < FOLD_ENTRIES && tailBytes < Math.max(FOLD_BYTES, base.length / 8)) return
    this.#do({ kind: 'folded', base: this.#live.state() })
    this.snapshot(false).catch((error: unknown) => this.#around.events.failed(this.document, 'snapshot', error))
  }

  #do(input: Input): void {
    for (const effect of step(this.#state, input, (member) => this.#isSlow(member))) this.#perform(effect)
    if (!this.#slowPollScheduled && [...this.#state.members.values()].some((member) => member.slow)) this.#pollSlow()
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case 'send':
        return this.#send(effect.to, effect.message)
      case 'close':
        return this.#close(effect.member, effect.reason)
      case 'wait':
        return this.#later(effect.ms, () => {
          this.#do({ kind: 'window-over', now: this.#around.clock.now() })
          this.#foldWhenWorthIt()
        })
      default:
        return unreachable(effect)
    }
  }

  /** Sends, unless the reader has let so much pile up that he is no reader. */
  #send(member: MemberId, message: Uint8Array): void {
    const socket = this.#seats.get(member)?.visitor.socket
    if (socket === undefined) return
    if (socket.queuedBytes > QUEUE_LIMIT_BYTES) this.#close(member, 'overloaded')
    else socket.send(message)
  }

  #isSlow(member: MemberId): boolean {
    return (this.#seats.get(member)?.visitor.socket.queuedBytes ?? 0) > SLOW_READER_BYTES
  }

  #pollSlow(): void {
    this.#slowPollScheduled = true
    this.#later(SLOW_POLL_MS, () => {
      this.#slowPollScheduled = false
      for (const member of [...this.#state.members.values()]) {
        const queued = this.#seats.get(member.id)?.visitor.socket.queuedBytes ?? 0
        if (member.slow && queued < SLOW_READER_BYTES / 4) this.#do({ kind: 'drained', member: member.id })
      }
      if (!this.#slowPollScheduled && [...this.#state.members.values()].some((member) => member.slow)) this.#pollSlow()
    })
  }

  #close(member: MemberId, reason: CloseReason): void {
    this.#seats.get(member)?.visitor.socket.close(reason)
    this.leave(member)
  }

  #later(ms: number, task: () => void): void {
    const cancel = this.#around.clock.after(ms, () => {
      this.#timers.delete(cancel)
      if (!this.#over) task()
    })
    this.#timers.add(cancel)
  }
}
