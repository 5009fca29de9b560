import type { Clock } from '@dongbo/kernel/clock.ts'

/** So many tries at once, and one more after each interval. */
export interface Allowance {
  readonly burst: number
  readonly oneMoreAfterMs: number
}

interface Spent {
  readonly tries: number
  readonly at: number
}

/** More keys than any honest use; beyond it the ones that have recovered are dropped, and then the oldest. */
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
  const spent = new Map<string, Spent>()

  function triesOf(key: string, now: number): number {
    const entry = spent.get(key)
    return entry === undefined ? 0 : Math.max(0, entry.tries - (now - entry.at) / allowance.oneMoreAfterMs)
  }

  function put(key: string, tries: number, now: number): void {
    spent.delete(key)
    if (tries <= 0) return
    spent.set(key, { tries, at: now })
    if (spent.size > KEYS_KEPT) forgetSome(now)
  }

  function forgetSome(now: number): void {
    for (const key of spent.keys()) if (triesOf(key, now) <= 0) spent.delete(key)
    for (const key of spent.keys()) {
      if (spent.size <= KEYS_KEPT) return
      spent.delete(key)
    }
  }

  return {
    take(key) {
      const now = clock.now()
      const tries = triesOf(key, now)
      const over = tries + 1 - allowance.burst
      if (over > 0) return Math.ceil(over * allowance.oneMoreAfterMs)
      put(key, tries + 1, now)
      return 0
    },
    refund(key) {
      const now = clock.now()
      put(key, triesOf(key, now) - 1, now)
    },
  }
}
