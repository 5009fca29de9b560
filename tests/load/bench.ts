import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Figure } from './figures.ts'
import { gateCost } from './gateCost.ts'
import { inBrowser } from './inBrowser.ts'
import { livePath } from './livePath.ts'
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

/** Measures what was asked for, prints it, and writes docs/benchmarks.md when everything was measured. */
async function run(): Promise<void> {
  const asked = values.part?.filter(isPart) ?? PARTS
  const runs = Number(values.runs)
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load average ${(loadavg()[0] ?? 0).toFixed(1)} at the start`
  console.log(`${machine}; medians of ${runs} runs`)
  const sections: string[] = []
  for (const part of asked) {
    const figures = await measure(part, runs)
    console.log(`\n${TITLES[part]}`)
    for (const { what, ours, goal } of figures) console.log(`${ours.padStart(12)}  ${goal.padEnd(12)}  ${what}`)
    const rows = figures.map(({ what, ours, goal }) => `| ${what} | ${ours} | ${goal} |`)
    sections.push([`## ${TITLES[part]}`, '', '| | Ours | Goal |', '|---|---|---|', ...rows].join('\n'))
  }
  if (asked.length < PARTS.length) return
  const day = new Date().toISOString().slice(0, 10)
  const head = [
    '# Benchmarks',
    '',
    `Written by \`pnpm bench\` on ${day}, on one machine that also ran the clients and the browser: ${machine}. Medians of ${runs} runs.`,
    'Latencies include the client’s own work. Other machines, other figures: run it where it matters.',
  ].join('\n')
  writeFileSync(join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md'), `${[head, ...sections].join('\n\n')}\n`)
}

await run()
