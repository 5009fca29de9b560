import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import type { Random } from '@dongbo/kernel/random.ts'
import { CURSOR_LIMIT_UNITS } from '@dongbo/protocol/limits.ts'
import { MESSAGE_AWARENESS } from '@dongbo/protocol/messages.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import type { MemberId } from './state.ts'

/**
 * Who is here and where, as the server says it. The browser supplies a cursor and nothing else: name, body and the id
 * under which others see it come from the session, so nobody can speak for somebody else or silence him.
 */
interface Presence {
  /** Given by the server; never the client id that the browser claims. */
  readonly id: number
  readonly user: { readonly personId: string; readonly name: string; readonly bodyId: string }
  /** The awareness client id under which this socket writes, learnt from its first frame. */
  claimedId: number | null
  claimedClock: number
  clock: number
  cursor: Cursor | null
}

/** Where somebody is: short keys and short values only, so that no reader can be hurt by it. */
export type Cursor = Readonly<Record<string, string | number | null>>

export class PresenceTable {
  readonly #present = new Map<MemberId, Presence>()
  readonly #ids = new Set<number>()
  readonly #changed = new Set<MemberId>()
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  get size(): number {
    return this.#present.size
  }

  enter(member: MemberId, principal: Principal): void {
    let id = this.#random.below(0xffff_ffff) + 1
    while (this.#ids.has(id)) id = this.#random.below(0xffff_ffff) + 1
    this.#ids.add(id)
    const user = { personId: principal.personId, name: principal.displayName, bodyId: principal.bodyId }
    this.#present.set(member, { id, user, claimedId: null, claimedClock: -1, clock: 1, cursor: null })
    this.#changed.add(member)
  }

  /** The message that tells the others it is gone, or null when it was not here. */
  leave(member: MemberId): Uint8Array | null {
    const presence = this.#present.get(member)
    if (presence === undefined) return null
    this.#present.delete(member)
    this.#ids.delete(presence.id)
    this.#changed.delete(member)
    return awarenessMessage([goneOf(presence)])
  }

  /** The message that tells the others that nobody is here any more, or null when nobody was. */
  close(): Uint8Array | null {
    const gone = [...this.#present.values()].map(goneOf)
    this.#present.clear()
    this.#ids.clear()
    this.#changed.clear()
    return gone.length === 0 ? null : awarenessMessage(gone)
  }

  /** Takes the cursor out of an awareness update (y-protocols `awareness.js`). False when the bytes are not one. */
  hear(member: MemberId, update: Uint8Array): boolean {
    const presence = this.#present.get(member)
    if (presence === undefined) return true
    try {
      const decoder = decoding.createDecoder(update)
      for (let rest = decoding.readVarUint(decoder); rest > 0; rest--) {
        const id = decoding.readVarUint(decoder)
        const clock = decoding.readVarUint(decoder)
        const state = decoding.readVarString(decoder)
        // y-websocket says again what it hears from others; only what a socket says of itself counts.
        if (!this.#ids.has(id)) this.#take(member, presence, id, clock, state)
      }
      return !decoding.hasContent(decoder)
    } catch {
      return false
    }
  }

  #take(member: MemberId, presence: Presence, id: number, clock: number, state: string): void {
    presence.claimedId ??= id
    if (id !== presence.claimedId || clock <= presence.claimedClock) return
    presence.claimedClock = clock
    const cursor = parseCursor(state)
    if (JSON.stringify(cursor) === JSON.stringify(presence.cursor)) return
    presence.cursor = cursor
    presence.clock++
    this.#changed.add(member)
  }

  /** Everybody's state, for somebody who has just come. */
  everybody(): Uint8Array {
    return awarenessMessage([...this.#present.values()].map(stateOf))
  }

  /** What changed since the last call, or null. */
  changes(): Uint8Array | null {
    if (this.#changed.size === 0) return null
    const states = [...this.#changed].flatMap((member) => {
      const presence = this.#present.get(member)
      return presence === undefined ? [] : [stateOf(presence)]
    })
    this.#changed.clear()
    return awarenessMessage(states)
  }

  /** Everybody's state again with new clocks: clients forget whom they have not heard of for 30 s. */
  renew(): Uint8Array {
    for (const presence of this.#present.values()) presence.clock++
    return this.everybody()
  }
}

function stateOf(presence: Presence): AwarenessState {
  const { id, clock, user, cursor } = presence
  return { id, clock, state: JSON.stringify({ user, cursor }) }
}

function goneOf({ id, clock }: Presence): AwarenessState {
  return { id, clock: clock + 1, state: 'null' }
}

interface AwarenessState {
  readonly id: number
  readonly clock: number
  /** As JSON. */
  readonly state: string
}

export function awarenessMessage(states: readonly AwarenessState[]): Uint8Array {
  const body = encoding.createEncoder()
  encoding.writeVarUint(body, states.length)
  for (const { id, clock, state } of states) {
    encoding.writeVarUint(body, id)
    encoding.writeVarUint(body, clock)
    encoding.writeVarString(body, state)
  }
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, MESSAGE_AWARENESS)
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body))
  return encoding.toUint8Array(encoder)
}

const CURSOR_KEYS_LIMIT = 12
const CURSOR_KEY = /^[a-zA-Z]{1,20}$/

/** The cursor of a state as the browser sent it, or null: flat, small, own keys only. */
function parseCursor(state: string): Cursor | null {
  if (state.length > CURSOR_LIMIT_UNITS) return null
  let parsed: unknown
  try {
    parsed = JSON.parse(state)
  } catch {
    // Not JSON is no cursor; presence is never worth a closed socket.
    return null
  }
  const cursor: unknown = isObject(parsed) ? parsed['cursor'] : null
  if (!isObject(cursor)) return null
  const entries = Object.entries(cursor)
  const flat = entries.every(
    ([key, value]) =>
      CURSOR_KEY.test(key) && (value === null || typeof value === 'string' || typeof value === 'number'),
  )
  return flat && entries.length <= CURSOR_KEYS_LIMIT ? (Object.fromEntries(entries) as Cursor) : null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
