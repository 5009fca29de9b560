import type { Random } from '@dongbo/kernel/random.ts'
import { PRESENCE_FRAME_LIMIT_BYTES, PRESENCE_RENEWAL_MS } from '@dongbo/protocol/limits.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { PresenceTable } from './presence.ts'
import type { MemberId } from './state.ts'

/** Cursors that move within this time are told together; edits have a window of their own. */
const PRESENCE_WINDOW_MS = 50

/** When presence is told, and to whom: changes together after a moment, everybody again now and then. */
export class PresenceBoard {
  readonly #table: PresenceTable
  readonly #later: (ms: number, task: () => void) => void
  readonly #broadcast: (message: Uint8Array) => void
  #scheduled = false

  /** @param later runs a task after a time, unless the room is over by then */
  constructor(random: Random, later: (ms: number, task: () => void) => void, broadcast: (message: Uint8Array) => void) {
    this.#table = new PresenceTable(random)
    this.#later = later
    this.#broadcast = broadcast
    this.#renewLater()
  }

  everybody(): Uint8Array {
    return this.#table.everybody()
  }

  enter(member: MemberId, principal: Principal): void {
    this.#table.enter(member, principal)
    this.#tellSoon()
  }

  leave(member: MemberId): void {
    const gone = this.#table.leave(member)
    if (gone !== null) this.#broadcast(gone)
  }

  /** Takes a cursor. False when the bytes are not an awareness update of decent size. */
  hear(member: MemberId, update: Uint8Array): boolean {
    if (update.length > PRESENCE_FRAME_LIMIT_BYTES || !this.#table.hear(member, update)) return false
    this.#tellSoon()
    return true
  }

  #tellSoon(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#later(PRESENCE_WINDOW_MS, () => {
      this.#scheduled = false
      const changes = this.#table.changes()
      if (changes !== null) this.#broadcast(changes)
    })
  }

  /** Also the sign of life that y-websocket waits for: it gives up a server that is silent for 30 s. */
  #renewLater(): void {
    this.#later(PRESENCE_RENEWAL_MS, () => {
      this.#broadcast(this.#table.renew())
      this.#renewLater()
    })
  }
}
