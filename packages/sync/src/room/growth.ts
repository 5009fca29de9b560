import { instant, type Instant } from '@dongbo/kernel/clock.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import { DOCUMENT_GROWTH_BYTES, GROWTH_WINDOW_MS, PERSON_GROWTH_BYTES } from '@dongbo/protocol/limits.ts'

/**
 * How much new content one document takes in a while, from all who write it. Beyond the limit only those wait who wrote
 * much of it, so that one person cannot keep the others from writing; at twice the limit everybody does.
 */
export class Growth {
  #since = instant(0)
  #bytes = 0
  readonly #byPerson = new Map<PersonId, number>()

  /** @param person who wrote it here, or null when another node took it in */
  grow(person: PersonId | null, bytes: number, now: Instant): void {
    this.#renew(now)
    this.#bytes += bytes
    if (person !== null) this.#byPerson.set(person, this.#of(person) + bytes)
  }

  /** False when it has grown enough for now: who writes more comes back later with it. */
  mayGrow(person: PersonId, now: Instant): boolean {
    this.#renew(now)
    if (this.#bytes < DOCUMENT_GROWTH_BYTES) return true
    return this.#bytes < 2 * DOCUMENT_GROWTH_BYTES && this.#of(person) < PERSON_GROWTH_BYTES
  }

  #of(person: PersonId): number {
    return this.#byPerson.get(person) ?? 0
  }

  /** A clock that was set back is no reason to wait until it has caught up. */
  #renew(now: Instant): void {
    if (now - this.#since < GROWTH_WINDOW_MS && now >= this.#since) return
    this.#since = now
    this.#bytes = 0
    this.#byPerson.clear()
  }
}
