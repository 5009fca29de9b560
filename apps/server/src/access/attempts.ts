import type { Clock } from '@dongbo/kernel/clock.ts'

/** So many tries at once, and one more after each interval. */
export interface Allowance {
  readonly burst: number
  readonly oneMoreAfterMs: number
}

/** More keys than any honest use; beyond it the ones that were tried longest ago are forgotten. */
const KEYS_KEPT = 20_000

/**
 * Counts tries a key, forgetting one after each interval: nobody is shut out for good, and a guesser gets no more than
 * a trickle.
 */
export interface Attempts {
  /** Takes a try. Returns 0, or how many milliseconds to wait before the next is allowed (this one is then not counted). */
  take(key: string): number
  /** Gives a try back: it was no guess. */
  refund(key: string): void
}

export function limitedAttempts(allowance: Allowance, clock: Clock): Attempts {
  const { burst, oneMoreAfterMs } = allowance
  /** When each key has recovered from all its tries, in epoch milliseconds; the least recently tried first. */
  const recovered = new Map<string, number>()

  function put(key: string, at: number, now: number): void {
    recovered.delete(key)
    if (at <= now) return
    recovered.set(key, at)
    if (recovered.size <= KEYS_KEPT) return
    const [oldest] = recovered.keys()
    if (oldest !== undefined) recovered.delete(oldest)
  }

  return {
    take(key) {
      const now = clock.now()
      const next = Math.max(recovered.get(key) ?? now, now) + oneMoreAfterMs
      const waitMs = next - now - burst * oneMoreAfterMs
      if (waitMs > 0) return waitMs
      put(key, next, now)
      return 0
    },
    refund(key) {
      const now = clock.now()
      put(key, (recovered.get(key) ?? now) - oneMoreAfterMs, now)
    },
  }
}

/** One try that counts against several allowances. */
export type Tries = readonly (readonly [Attempts, key: string])[]

/** Takes every one of them, or none: returns 0, or how many milliseconds the first that refuses asks to wait. */
export function takeAll(tries: Tries): number {
  for (const [index, [attempts, key]] of tries.entries()) {
    const waitMs = attempts.take(key)
    if (waitMs === 0) continue
    refundAll(tries.slice(0, index))
    return waitMs
  }
  return 0
}

export function refundAll(tries: Tries): void {
  for (const [attempts, key] of tries) attempts.refund(key)
}
