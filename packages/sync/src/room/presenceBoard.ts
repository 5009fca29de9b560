import type { Clock } from '@dongbo/kernel/clock.ts'
import type { Random } from '@dongbo/kernel/random.ts'
import { PRESENCE_FRAME_LIMIT_BYTES, PRESENCE_RENEWAL_MS } from '@dongbo/protocol/limits.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { DistantPresence } from './distantPresence.ts'
import { PresenceTable } from './presence.ts'
import type { MemberId } from './state.ts'

/**
 * Cursors that move within this time are told together; edits have a window of their own. It grows with the room, because
 * everybody's cursor goes to everybody: with 300 people it is 210 ms, and a cursor is drawn five times a second.
 */
const PRESENCE_WINDOW_MS = { least: 33, aPerson: 0.7, most: 300 }

interface Parts {
  readonly random: Random
  readonly clock: Pick<Clock, 'now'>
  /** Runs a task after a time, unless the room is over by then. */
  later(ms: number, task: () => void): void
  /** Sends to every socket of the room. */
  broadcast(message: Uint8Array): void
  tellOtherNodes(message: Uint8Array): void
}

/** When presence is told, and to whom: changes together after a moment, everybody again now and then. */
export class PresenceBoard {
  readonly #parts: Parts
  readonly #table: PresenceTable
  readonly #elsewhere = new DistantPresence()
  #scheduled = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#table = new PresenceTable(parts.random)
    this.#renewLater()
  }

  /** Who is in this room. */
  here(): Uint8Array {
    return this.#table.everybody()
  }

  /** Who has the document open, here and on other nodes. */
  everybody(): readonly Uint8Array[] {
    const elsewhere = this.#elsewhere.everybody(this.#parts.clock.now())
    return elsewhere === null ? [this.here()] : [this.here(), elsewhere]
  }

  enter(member: MemberId, principal: Principal): void {
    this.#table.enter(member, principal)
    this.#tellSoon()
  }

  /** Nobody is here any more: other nodes are told so, and here nobody is left to tell. */
  close(): void {
    const gone = this.#table.close()
    if (gone !== null) this.#parts.tellOtherNodes(gone)
  }

  /** A presence message of another node. */
  hearFromElsewhere(message: Uint8Array): void {
    if (this.#elsewhere.hear(message, this.#parts.clock.now())) this.#parts.broadcast(message)
  }

  leave(member: MemberId): void {
    const gone = this.#table.leave(member)
    if (gone !== null) this.#tell(gone)
  }

  /** Takes a cursor. False when the bytes are not an awareness update of decent size. */
  hear(member: MemberId, update: Uint8Array): boolean {
    if (update.length > PRESENCE_FRAME_LIMIT_BYTES || !this.#table.hear(member, update)) return false
    this.#tellSoon()
    return true
  }

  #tell(message: Uint8Array): void {
    this.#parts.broadcast(message)
    this.#parts.tellOtherNodes(message)
  }

  #tellSoon(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    const { least, aPerson, most } = PRESENCE_WINDOW_MS
    this.#parts.later(Math.min(most, Math.max(least, this.#table.size * aPerson)), () => {
      this.#scheduled = false
      const changes = this.#table.changes()
      if (changes !== null) this.#tell(changes)
    })
  }

  /** Also the sign of life that y-websocket waits for: it gives up a server that is silent for 30 s. */
  #renewLater(): void {
    this.#parts.later(PRESENCE_RENEWAL_MS, () => {
      this.#tell(this.#table.renew())
      this.#renewLater()
    })
  }
}
