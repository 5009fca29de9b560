import { instant, type Instant } from '@dongbo/kernel/clock.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import { QUEUE_LIMIT_BYTES, SLOW_READER_BYTES } from '@dongbo/protocol/limits.ts'
import type { Grant } from '../ports/grants.ts'
import { Budget } from './budget.ts'
import type { MemberId } from './state.ts'
import type { RoomSurroundings, Visitor } from './surroundings.ts'

/** Somebody in a room: his socket, his rights, and what he may still send. */
export interface Seat {
  readonly visitor: Visitor
  /** By the rights that he has now. */
  grant: Grant
  readonly budget: Budget
}

/** What was sent before a socket closed may be judged until then: longer than a node waits for another that is dead. */
const LEAVING_MS = 10_000

/** The sockets of one room: how much they are given, and how much is taken from them. */
export class Seats {
  readonly #around: Pick<RoomSurroundings, 'clock' | 'backlog' | 'people'>
  readonly #seats = new Map<MemberId, Seat>()
  /** Who has gone, and until when what he wrote may still be judged, by the rights that he has then. */
  readonly #leaving = new Map<Seat, Instant>()
  #next: MemberId = 1

  constructor(around: Pick<RoomSurroundings, 'clock' | 'backlog' | 'people'>) {
    this.#around = around
  }

  get size(): number {
    return this.#seats.size
  }

  /** The sessions that have a socket in here, or had one until a moment ago. */
  sessions(): ReadonlySet<string> {
    this.#forgetWhoLeft()
    return new Set([...this.#seats.values(), ...this.#leaving.keys()].map((seat) => seat.visitor.sessionId))
  }

  /** Judges everything from now on by a session's new rights. Returns who may not be here any more. */
  regrant(sessionId: string, grant: Grant | null): readonly MemberId[] {
    const isOfSession = ({ visitor }: Seat): boolean => visitor.sessionId === sessionId
    for (const seat of [...this.#seats.values(), ...this.#leaving.keys()].filter(isOfSession)) {
      seat.grant = grant ?? readingOnly(seat.grant)
    }
    if (grant !== null) return []
    return [...this.#seats].filter(([, seat]) => isOfSession(seat)).map(([member]) => member)
  }

  add(visitor: Visitor): MemberId {
    const member = this.#next++
    const budget = Budget.ofSocket(this.#around.clock.now())
    this.#seats.set(member, { visitor, grant: visitor.grant, budget })
    return member
  }

  get(member: MemberId): Seat | undefined {
    return this.#seats.get(member)
  }

  remove(member: MemberId): void {
    const seat = this.#seats.get(member)
    if (seat === undefined) return
    this.#seats.delete(member)
    this.#leaving.set(seat, instant(this.#around.clock.now() + LEAVING_MS))
    this.#forgetWhoLeft()
    this.#around.backlog.forget(seat.visitor.socket)
  }

  /** Closes and forgets all of them. */
  clear(reason: CloseReason): void {
    const seats = [...this.#seats.values()]
    this.#seats.clear()
    for (const { visitor } of seats) {
      this.#around.backlog.forget(visitor.socket)
      visitor.socket.close(reason)
    }
  }

  /** Counts one message. False when the socket, or the person over all his sockets, has sent too much. */
  mayReceive({ budget, grant }: Seat, bytes: number, asks: boolean): boolean {
    const now = this.#around.clock.now()
    const ofPerson = this.#around.people.of(grant.principal.personId, now)
    return budget.receives(bytes, asks, now) && ofPerson.receives(bytes, asks, now)
  }

  /** Sends. False, and nothing is sent, when the reader has let so much pile up that he is no reader. */
  send(member: MemberId, message: Uint8Array): boolean {
    const socket = this.#seats.get(member)?.visitor.socket
    if (socket === undefined) return true
    if (socket.queuedBytes > QUEUE_LIMIT_BYTES) return false
    socket.send(message)
    return true
  }

  /** To everybody who reads; who does not can do without. */
  broadcast(message: Uint8Array): void {
    for (const { visitor } of this.#seats.values()) {
      if (visitor.socket.queuedBytes < SLOW_READER_BYTES) visitor.socket.send(message)
    }
  }

  isSlow(member: MemberId): boolean {
    return this.#queued(member) > SLOW_READER_BYTES
  }

  /** Half empty is not empty: it would be full again at once. */
  hasDrained(member: MemberId): boolean {
    return this.#queued(member) < SLOW_READER_BYTES / 4
  }

  #forgetWhoLeft(): void {
    const now = this.#around.clock.now()
    for (const [seat, until] of this.#leaving) {
      // In the order in which they left.
      if (until > now) return
      this.#leaving.delete(seat)
    }
  }

  #queued(member: MemberId): number {
    return this.#seats.get(member)?.visitor.socket.queuedBytes ?? 0
  }
}

/** Who may not even read any more may not write: what is still to be judged of his is refused. */
export function readingOnly(grant: Grant): Grant {
  return { ...grant, principal: { ...grant.principal, planRole: 'observer' } }
}
