/** A source of chance, passed in so that a seed can replay a run. */
export interface Random {
  /** An integer from 0 up to, not including, `bound` (1 ≤ bound ≤ 2³²). */
  below(bound: number): number
}

/**
 * A repeatable source for tests and simulations (mulberry32, Tommy Ettinger, public domain). Not for secrets.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return {
    below(bound) {
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * bound)
    },
  }
}
