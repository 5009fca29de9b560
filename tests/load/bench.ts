import { parseArgs } from 'node:util'
import { compare, EVERYTHING } from './comparison/compare.ts'
import type { Figure } from './figures.ts'
import { gateCost } from './gateCost.ts'
import { inBrowser } from './inBrowser.ts'
import { livePath } from './livePath.ts'
import { machine, writeSection } from './report.ts'
import { startUp } from './startUp.ts'

const PARTS = ['start', 'gate', 'live', 'browser'] as const
type Part = (typeof PARTS)[number]

const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true },
    runs: { type: 'string', default: '3' },
    cold: { type: 'boolean', default: false },
  },
})

const TITLES: Readonly<Record<Part, string>> = {
  start: 'Starting',
  gate: 'The gate',
  live: 'The live path',
  browser: 'In the browser',
}

async function measure(part: Part, runs: number): Promise<readonly Figure[]> {
  switch (part) {
    case 'start':
      return await startUp(runs, values.cold)
    case 'gate':
      return await gateCost(runs)
    case 'live':
      return await livePath(runs)
    case 'browser':
      return await inBrowser(runs)
  }
}

const isPart = (text: string): text is Part => PARTS.some((part) => part === text)

/**
 * Measures what was asked for and prints it; everything, ours beside other servers too, when nothing was asked for, and
 * writes docs/benchmarks.md then.
 */
async function run(): Promise<void> {
  const asked = values.part?.filter(isPart) ?? PARTS
  const runs = Number(values.runs)
  const measuredOn = machine()
  console.log(`${measuredOn}; medians of ${runs} runs`)
  const sections: string[] = []
  for (const part of asked) {
    const figures = await measure(part, runs)
    console.log(`\n${TITLES[part]}`)
    for (const { what, ours, goal } of figures) console.log(`${ours.padStart(12)}  ${goal.padEnd(12)}  ${what}`)
    const rows = figures.map(({ what, ours, goal }) => `| ${what} | ${ours} | ${goal} |`)
    sections.push([`### ${TITLES[part]}`, '', '| | Ours | Goal |', '|---|---|---|', ...rows].join('\n'))
  }
  if (values.part !== undefined) return
  writeSection('ours', measuredOn, runs, sections.join('\n\n'))
  if (process.env['TEST_PG_URL'] === undefined) {
    console.log('\nBeside other servers: set TEST_PG_URL and run `pnpm bench:peers`.')
    return
  }
  writeSection('peers', machine(), runs, await compare({ ...EVERYTHING, runs }))
}

await run()
