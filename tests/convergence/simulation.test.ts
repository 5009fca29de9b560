import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scriptOf, type Script } from '@dongbo/testkit/simulation/script.ts'
import { simulate } from '@dongbo/testkit/simulation/simulate.ts'
import { explained } from './explained.ts'

/** Ten times as many run as a command of their own (`pnpm simulate`). */
const SEEDS = 100
const SEEDS_A_TEST = 20
const STEPS = 150

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'simulation')

describe('whatever happens in whatever order', () => {
  const seen = { saved: 0, refused: 0, entries: 0 }

  test.each(Array.from({ length: SEEDS / SEEDS_A_TEST }, (_, index) => index * SEEDS_A_TEST))(
    'from seed %i on: acknowledged is durable, durable is seen, nobody writes what is another’s, all end with the same',
    async (first) => {
      const faults: string[] = []
      for (let seed = first; seed < first + SEEDS_A_TEST; seed++) {
        const script = scriptOf(seed, STEPS)
        const outcome = await simulate(script)
        seen.saved += outcome.saved
        seen.refused += outcome.refused
        seen.entries += outcome.entries
        if (outcome.fault !== null) faults.push(`seed ${seed}: ${await explained(script, outcome.fault)}`)
      }
      expect(faults).toEqual([])
    },
  )

  test('the runs were not vacuous', () => {
    expect(seen.entries).toBeGreaterThan(SEEDS * 5)
    expect(seen.saved).toBeGreaterThan(SEEDS * 10)
    expect(seen.refused).toBeGreaterThan(SEEDS)
  })
})

describe('scripts that once showed a fault', () => {
  const files = readdirSync(FIXTURES).filter((name) => name.endsWith('.json'))

  test.each(files)('%s', async (name) => {
    const script = JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as Script
    expect((await simulate(script)).fault).toBeNull()
  })
})
