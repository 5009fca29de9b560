import { parseArgs } from 'node:util'
import { compare, EVERYTHING, SCENARIO_NAMES, type ScenarioName } from './comparison/compare.ts'
import { isTarget } from './comparison/targets.ts'
import { machine, writeSection } from './report.ts'

const USAGE = `Usage: pnpm bench:peers [options]
  --scenario NAME   one or more of ${SCENARIO_NAMES.join(', ')}; default: all
  --targets A,B     default: ours and all others
  --runs N          of each, in turn; default 3
  --quick           one run of each
  --profile FOLDER  processor profiles of ours go there, and where the time went is said; slows ours down
Needs TEST_PG_URL: a PostgreSQL server on which databases may be made and dropped.`

/** Measures ours beside other Yjs servers; writes docs/benchmarks.md when everything was measured. */
async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string', multiple: true },
      targets: { type: 'string' },
      runs: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const scenarios = values.scenario ?? SCENARIO_NAMES
  const targets = values.targets?.split(',') ?? EVERYTHING.targets
  if (values.help || !scenarios.every(isScenario) || !targets.every(isTarget)) {
    console.error(USAGE)
    process.exitCode = values.help ? 0 : 2
    return
  }
  const runs = values.quick ? 1 : Number(values.runs)
  const before = machine()
  console.log(before)
  const tables = await compare({ scenarios, targets, runs, profileDir: values.profile ?? null })
  const isAll = values.scenario === undefined && values.targets === undefined && values.profile === undefined
  if (isAll && !values.quick) writeSection('peers', before, runs, tables)
}

function isScenario(text: string): text is ScenarioName {
  return SCENARIO_NAMES.some((name) => name === text)
}

await run()
