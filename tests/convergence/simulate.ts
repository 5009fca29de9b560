import { parseArgs } from 'node:util'
import { scriptOf } from '@dongbo/testkit/simulation/script.ts'
import { simulate } from '@dongbo/testkit/simulation/simulate.ts'
import { explained } from './explained.ts'

/** Plays one simulated world after another. Exits with 1 at the first fault and prints the shortest script that shows it. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '0' },
    steps: { type: 'string', default: '200' },
  },
})
const from = Number(values.from)
const seeds = Number(values.seeds)
const started = performance.now()
const sum = { saved: 0, refused: 0, entries: 0 }
for (let seed = from; seed < from + seeds; seed++) {
  const script = scriptOf(seed, Number(values.steps))
  const outcome = await simulate(script)
  if (outcome.fault !== null) {
    console.error(`seed ${seed}: ${await explained(script, outcome.fault)}`)
    process.exit(1)
  }
  sum.saved += outcome.saved
  sum.refused += outcome.refused
  sum.entries += outcome.entries
}
const seconds = Math.round((performance.now() - started) / 1_000)
console.log(
  `seeds ${from} to ${from + seeds - 1}, ${values.steps} steps each, no fault in ${seconds} s: ` +
    `${sum.entries} entries written, ${sum.saved} messages acknowledged, ${sum.refused} refused`,
)
