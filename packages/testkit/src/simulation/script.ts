import { seededRandom, type Random } from '@dongbo/kernel/random.ts'

/** What a simulated disk does with what it is given. */
export type DiskState =
  | 'fast'
  /** Every act waits until a step lets it go on. */
  | 'slow'
  /** Nothing is written, and it says so. */
  | 'failing'
  /** Everything is written, and it says that it failed: the reply was lost. */
  | 'forgetful'

/** A right that somebody has in the plan at a time. */
export type SimulatedRole = 'own' | 'observer' | 'none'

/**
 * One thing that happens in a simulated world. Plain data that names its own parameters, so that a script can be stored,
 * replayed, and shortened without changing what the remaining steps do.
 */
export type Step =
  /** An honest person does something, nearly always what he may. `kind`, `a` and `b` are taken modulo what there is. */
  | { readonly do: 'edit'; readonly who: number; readonly kind: number; readonly a: number; readonly b: number }
  /** Somebody writes what he may not, through the model's own operations. */
  | { readonly do: 'trespass'; readonly who: number; readonly a: number }
  /** A hostile client sends bytes made from this seed. */
  | { readonly do: 'attack'; readonly who: number; readonly seed: number }
  | { readonly do: 'cursor'; readonly who: number; readonly at: number }
  /** The network delivers so many of the oldest messages. */
  | { readonly do: 'deliver'; readonly who: number; readonly way: 'up' | 'down'; readonly count: number }
  /** A hostile client says again, or in another order, what it has under way. */
  | { readonly do: 'repeat' | 'swap'; readonly who: number }
  | { readonly do: 'connect'; readonly who: number }
  /** Everybody whose line is down tries again, as clients do by themselves. */
  | { readonly do: 'reconnect' }
  /** The line breaks: what was under way is lost. */
  | { readonly do: 'cut'; readonly who: number }
  /** The page is closed in order, and opened again with nothing of what it held. */
  | { readonly do: 'reopen'; readonly who: number }
  /** A server dies and is started again. */
  | { readonly do: 'kill'; readonly node: number }
  /** A server stands still, or goes on. */
  | { readonly do: 'freeze' | 'thaw'; readonly node: number }
  /** A server loses the others, or finds them again. */
  | { readonly do: 'part' | 'meet'; readonly node: number }
  /** Notices between the servers arrive, one here and one there as the seed says. */
  | { readonly do: 'hear'; readonly seed: number; readonly count: number }
  /** Every server looks for what no notice has told it. */
  | { readonly do: 'look' }
  /** The operator restores an older backup, under a new generation. */
  | { readonly do: 'restore'; readonly a: number }
  | { readonly do: 'disk'; readonly state: DiskState }
  /** A slow disk finishes its oldest act. */
  | { readonly do: 'finish' }
  | { readonly do: 'rights'; readonly who: number; readonly role: SimulatedRole }
  | { readonly do: 'wait'; readonly ms: number }

export type Script = readonly Step[]

/** Servers of a world, all on one disk and one bus. */
export const NODES = 2

/** Who plays: the same people in every world, two of them hostile. */
export const CAST_SIZE = 7
/** The last two of the cast. */
export const HOSTILE = [5, 6]

/** The script of a seed. Honest people mostly work; now and then something breaks. */
export function scriptOf(seed: number, length: number): Script {
  const random = seededRandom(seed)
  return Array.from({ length }, () => nextStep(random))
}

function nextStep(random: Random): Step {
  const who = random.below(CAST_SIZE)
  const roll = random.below(100)
  if (roll < 32) return { do: 'edit', who, kind: random.below(64), a: random.below(1_000), b: random.below(1_000) }
  if (roll < 56) {
    return { do: 'deliver', who, way: random.below(2) === 0 ? 'up' : 'down', count: 1 + random.below(8) }
  }
  if (roll < 60) return { do: 'hear', seed: random.below(2 ** 31), count: 1 + random.below(12) }
  if (roll < 67) return { do: 'wait', ms: random.below(random.below(8) === 0 ? 40_000 : 60) }
  if (roll < 71) return { do: 'connect', who }
  if (roll < 75) return { do: 'reconnect' }
  if (roll < 79) return { do: 'cut', who }
  if (roll < 81) return { do: 'reopen', who }
  if (roll < 83) return { do: 'cursor', who, at: random.below(1_000) }
  if (roll < 85) return { do: 'trespass', who, a: random.below(1_000) }
  if (roll < 90) return { do: 'attack', who: hostile(random), seed: random.below(2 ** 31) }
  if (roll < 92) return { do: random.below(2) === 0 ? 'repeat' : 'swap', who: hostile(random) }
  if (roll < 95) return { do: 'finish' }
  if (roll < 97)
    return {
      do: 'disk',
      state: pick(random, ['fast', 'fast', 'fast', 'fast', 'fast', 'slow', 'slow', 'failing', 'forgetful']),
    }
  if (roll < 98) return { do: 'rights', who, role: pick(random, ['own', 'own', 'observer', 'none']) }
  const node = random.below(NODES)
  switch (random.below(8)) {
    case 0:
      return random.below(2) === 0 ? { do: 'restore', a: random.below(1_000) } : { do: 'kill', node }
    case 1:
      return { do: 'freeze', node }
    case 2:
    case 3:
      return { do: 'thaw', node }
    case 4:
      return { do: 'part', node }
    case 5:
      return { do: 'meet', node }
    default:
      return { do: 'look' }
  }
}

function hostile(random: Random): number {
  return pick(random, HOSTILE)
}

function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[random.below(from.length)]
  if (chosen === undefined) throw new Error('nothing to choose from')
  return chosen
}
