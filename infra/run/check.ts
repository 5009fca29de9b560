// `pnpm check`: everything that needs no service and no browser, in the order in which a mistake is cheapest to mend.
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

const withoutTests = process.argv.includes('--without-tests')
const groups = withoutTests ? GROUPS.slice(0, 2) : GROUPS
const startedAt = performance.now()
const outcomes: StepOutcome[] = []
for (const group of groups) outcomes.push(...(await runSideBySide(group)))
const failed = outcomes.filter(({ passed }) => !passed)
console.log(
  `${outcomes.length - failed.length} of ${outcomes.length} steps passed in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
)
if (failed.length > 0) process.exitCode = 1
