import type { Brand } from './brand.ts'

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Brand<number, 'Instant'>

export function instant(epochMilliseconds: number): Instant {
  return epochMilliseconds as Instant
}

/** Stops a timer. Calling it twice, or after the timer has fired, does nothing. */
export type Cancel = () => void

/** The only way to time: code below `compose` gets a clock, so that tests can hold it still. */
export interface Clock {
  now(): Instant
  /** Calls `task` once, `delayMs` milliseconds from now. */
  after(delayMs: number, task: () => void): Cancel
}
