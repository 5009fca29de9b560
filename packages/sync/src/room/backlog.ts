import type { Clock, Instant } from '@dongbo/kernel/clock.ts'
import { BACKLOG_LIMIT_BYTES, BACKLOG_LIMIT_MS } from '@dongbo/protocol/limits.ts'
import type { Socket } from '../ports/socket.ts'

/** One update that is neither durable nor refused. */
export interface Ticket {
  readonly bytes: number
  readonly since: Instant
}

/**
 * What all rooms of this node have taken and not yet settled. When it is too much, or waits too long, whoever sends more
 * is not read from until it shrinks: the network then holds him back, and nothing of his is dropped.
 */
export class Backlog {
  readonly #clock: Clock
  /** In the order in which they came. */
  readonly #open = new Set<Ticket>()
  readonly #paused = new Set<Socket>()
  #bytes = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes
  }

  /** For how long the oldest has been waiting; 0 when nothing waits. */
  get oldestMs(): number {
    const [oldest] = this.#open
    return oldest === undefined ? 0 : this.#clock.now() - oldest.since
  }

  enter(bytes: number): Ticket {
    const ticket = { bytes, since: this.#clock.now() }
    this.#open.add(ticket)
    this.#bytes += bytes
    return ticket
  }

  /** It is durable, or will never be. Calling it twice does nothing. */
  leave(ticket: Ticket): void {
    if (!this.#open.delete(ticket)) return
    this.#bytes -= ticket.bytes
    // Half empty, or everybody would be stopped again at once.
    if (this.#paused.size === 0 || this.#bytes > BACKLOG_LIMIT_BYTES / 2 || this.oldestMs > BACKLOG_LIMIT_MS / 2) return
    const paused = [...this.#paused]
    this.#paused.clear()
    for (const socket of paused) socket.resume()
  }

  /** Stops reading from a socket that has just sent something, if there is too much already. */
  holdBack(socket: Socket): void {
    if (this.#bytes <= BACKLOG_LIMIT_BYTES && this.oldestMs <= BACKLOG_LIMIT_MS) return
    this.#paused.add(socket)
    socket.pause()
  }

  /** The socket is gone. */
  forget(socket: Socket): void {
    this.#paused.delete(socket)
  }
}
