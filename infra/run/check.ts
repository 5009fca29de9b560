// `pnpm check`: everything that needs no service and no browser, in the order in which a mistake is cheapest to mend.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths.ts'
import { type Step, type StepOutcome, runSideBySide } from './step.ts'

const GROUPS: readonly (readonly Step[])[] = [
  [
    { name: 'types: pure', command: ['tsc', '-p', 'tsconfig.pure.json'] },
    { name: 'types: node', command: ['tsc', '-p', 'tsconfig.node.json'] },
    { name: 'types: web', command: ['tsc', '-p', 'apps/web/tsconfig.json'] },
  ],
  [
    { name: 'lint and layers', command: ['oxlint'] },
    { name: 'format', command: ['oxfmt', '--check'] },
    { name: 'dead code', command: ['knip'] },
  ],
  [{ name: 'unit tests', command: ['vitest', 'run', '--project', 'unit', '--reporter=dot'] }],
]

/** Past this a file has begun to sprawl; the linter stops it at 400. */
const LONG_LINES = 250

function longFiles(): string[] {
  const sources = globSync('{apps,packages}/*/src/**/*.{ts,tsx}', { cwd: ROOT })
  return sources
    .map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > LONG_LINES)
    .toSorted((one, other) => other.lines - one.lines)
    .map(({ path, lines }) => `${path} (${lines})`)
}

const withoutTests = process.argv.includes('--without-tests')
const groups = withoutTests ? GROUPS.slice(0, 2) : GROUPS
const startedAt = performance.now()
const outcomes: StepOutcome[] = []
for (const group of groups) outcomes.push(...(await runSideBySide(group)))
for (const file of longFiles()) console.log(`long: ${file}`)
const failed = outcomes.filter(({ passed }) => !passed)
console.log(
  `${outcomes.length - failed.length} of ${outcomes.length} steps passed in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
)
if (failed.length > 0) process.exitCode = 1
