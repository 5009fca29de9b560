import type { Instant } from './clock.ts'
import type { Random } from './random.ts'

/** Crockford's base 32: no I, L, O or U, so that an id read aloud is typed right. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const TIME_CHARACTERS = 10
const RANDOM_CHARACTERS = 16

/** A new ULID (https://github.com/ulid/spec): 26 characters that sort by the time they were made. */
export function ulid(now: Instant, random: Random): string {
  let time = ''
  for (let rest: number = now, i = 0; i < TIME_CHARACTERS; i++) {
    time = ALPHABET.charAt(rest % 32) + time
    rest = Math.floor(rest / 32)
  }
  let chance = ''
  for (let i = 0; i < RANDOM_CHARACTERS; i++) chance += ALPHABET.charAt(random.below(32))
  return time + chance
}
