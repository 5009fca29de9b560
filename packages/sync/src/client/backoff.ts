import type { Random } from '@dongbo/kernel/random.ts'

/** The first wait, at most. */
const FIRST_MS = 600
/** Longest wait, at most. */
const LONGEST_MS = 10_000

/** A connection that lived this long was no failure: the next loss starts with a short wait again. */
export const CALM_MS = 10_000

/**
 * How long to wait before the next attempt: doubling, and never the same for two clients, so that a server that comes
 * back is not met by everybody at once. y-websocket's own wait has neither (it starts anew after every sync, and its
 * steps are the same for all).
 *
 * @param failures attempts in a row that came to nothing, from 0
 * @returns milliseconds
 */
export function reconnectDelayMs(failures: number, random: Random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10))
  return Math.round(ceiling / 2) + random.below(Math.round(ceiling / 2))
}
