import { seededRandom } from '@dongbo/kernel/random.ts'
import { SimulatedWorld } from './simulatedWorld.ts'
import type { Script } from './script.ts'

export interface Fault {
  /** Which step showed it; the number of steps when it showed at the end. */
  readonly step: number
  readonly what: string
}

export interface Outcome {
  readonly fault: Fault | null
  readonly saved: number
  readonly refused: number
  readonly entries: number
}

/**
 * Plays a script and looks at every invariant after every step: acknowledged ⊆ durable ⊆ visible, nobody wrote where he may
 * not, presence is truthful, every copy keeps the model's invariants; and at the end, when everything works again, every
 * copy is the same.
 */
export async function simulate(script: Script): Promise<Outcome> {
  // The server's own chance (presence ids, leased ids) is the same in every run, so that a shorter script replays.
  const world = new SimulatedWorld(seededRandom(1))
  await world.begin()
  const outcome = (step: number, [what]: readonly string[]): Outcome => ({
    fault: what === undefined ? null : { step, what },
    ...world.counts(),
  })
  for (const [index, step] of script.entries()) {
    await world.play(step)
    const wrong = await world.violations()
    if (wrong.length > 0) return outcome(index, wrong)
  }
  return outcome(script.length, await world.endInPeace())
}
