import type { Instant } from '@dongbo/kernel/clock.ts'
import { RATE_WINDOW_BYTES, RATE_WINDOW_MESSAGES, RATE_WINDOW_MS } from '@dongbo/protocol/limits.ts'

/** Asks for the document that one socket may make in `RATE_WINDOW_MS`: three bytes ask for all of it. */
const ASKS_PER_WINDOW = 6

/** What one socket has spent since its window began. */
export interface Budget {
  since: Instant
  messages: number
  bytes: number
  asks: number
}

export function newBudget(now: Instant): Budget {
  return { since: now, messages: 0, bytes: 0, asks: 0 }
}

/** Counts one message. False when the socket has overspent and has to be closed with `slow-down`. */
export function spend(budget: Budget, bytes: number, asks: boolean, now: Instant): boolean {
  if (now - budget.since >= RATE_WINDOW_MS) Object.assign(budget, newBudget(now))
  budget.messages++
  budget.bytes += bytes
  if (asks) budget.asks++
  return budget.messages <= RATE_WINDOW_MESSAGES && budget.bytes <= RATE_WINDOW_BYTES && budget.asks <= ASKS_PER_WINDOW
}
