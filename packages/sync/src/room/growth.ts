import { instant, type Instant } from '@dongbo/kernel/clock.ts'
import { DOCUMENT_GROWTH_BYTES, GROWTH_WINDOW_MS } from '@dongbo/protocol/limits.ts'

/** How much new content one document takes in a while, from all who write it. */
export class Growth {
  #since = instant(0)
  #bytes = 0

  grow(bytes: number, now: Instant): void {
    this.#renew(now)
    this.#bytes += bytes
  }

  /** False when it has grown enough for now: who writes more comes back later with it. */
  mayGrow(now: Instant): boolean {
    this.#renew(now)
    return this.#bytes < DOCUMENT_GROWTH_BYTES
  }

  #renew(now: Instant): void {
    if (now - this.#since < GROWTH_WINDOW_MS) return
    this.#since = now
    this.#bytes = 0
  }
}
