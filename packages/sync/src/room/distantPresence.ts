import * as decoding from 'lib0/decoding'
import type { Instant } from '@dongbo/kernel/clock.ts'
import { MESSAGE_AWARENESS } from '@dongbo/protocol/messages.ts'
import { awarenessMessage } from './presence.ts'

/** Clients of y-protocols forget whom they have not heard of for so long; so do we. */
const FORGOTTEN_AFTER_MS = 30_000

interface Kept {
  readonly clock: number
  /** As JSON. */
  readonly state: string
  readonly heardAt: Instant
}

/** Who is in the rooms that other nodes have for this document: said by them, kept for whoever comes here. */
export class DistantPresence {
  readonly #states = new Map<number, Kept>()

  /** Takes a presence message of another node. False when it is none. */
  hear(message: Uint8Array, now: Instant): boolean {
    try {
      const decoder = decoding.createDecoder(message)
      if (decoding.readVarUint(decoder) !== MESSAGE_AWARENESS) return false
      const body = decoding.createDecoder(decoding.readVarUint8Array(decoder))
      for (let rest = decoding.readVarUint(body); rest > 0; rest--) {
        const id = decoding.readVarUint(body)
        const clock = decoding.readVarUint(body)
        const state = decoding.readVarString(body)
        if (clock < (this.#states.get(id)?.clock ?? 0)) continue
        if (state === 'null') this.#states.delete(id)
        else this.#states.set(id, { clock, state, heardAt: now })
      }
      return true
    } catch {
      // lib0 throws on bytes that end too early. Presence is never worth more than leaving it out.
      return false
    }
  }

  /** Everybody elsewhere, or null when nobody is. */
  everybody(now: Instant): Uint8Array | null {
    for (const [id, { heardAt }] of this.#states) {
      if (now - heardAt > FORGOTTEN_AFTER_MS) this.#states.delete(id)
    }
    if (this.#states.size === 0) return null
    return awarenessMessage([...this.#states].map(([id, { clock, state }]) => ({ id, clock, state })))
  }
}
