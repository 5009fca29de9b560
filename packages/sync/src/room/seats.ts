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

/** The sockets of one room: how much they are given, and how much is taken from them. */
export class Seats {
  readonly #around: Pick<RoomSurroundings, 'clock' | 'backlog' | 'people'>
  readonly #seats = new Map<MemberId, Seat>()
  #next: MemberId = 1

  constructor(around: Pick<RoomSurroundings, 'clock' | 'backlog' | 'people'>) {
    this.#around = around
  }

  get size(): number {
    return this.#seats.size
  }

  /** The sessions that have a socket in here. */
  sessions(): ReadonlySet<string> {
    return new Set([...this.#seats.values()].map((seat) => seat.visitor.sessionId))
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

  /** Everybody who sits here by this session. */
  ofSession(sessionId: string): readonly (readonly [MemberId, Seat])[] {
    return [...this.#seats].filter(([, { visitor }]) => visitor.sessionId === sessionId)
  }

  remove(member: MemberId): void {
    const seat = this.#seats.get(member)
    if (seat === undefined) return
    this.#seats.delete(member)
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

  #queued(member: MemberId): number {
    return this.#seats.get(member)?.visitor.socket.queuedBytes ?? 0
  }
}
