// `pnpm faults`: every row in CI's numbers. `--row 2 --cycles 500`: one row in the numbers of a night. `--seed`: again, or other
// moments; the seed of each run is printed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const ROOT = join(import.meta.dirname, '..', '..')
const ENGINES: Readonly<Record<string, string>> = { pglite: 'on the embedded database', postgres: 'on PostgreSQL' }

/** The part of vitest's report that is read here. */
interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[]
  }[]
}

const { values } = parseArgs({
  options: {
    row: { type: 'string', multiple: true, default: [] },
    cycles: { type: 'string' },
    seed: { type: 'string' },
    database: { type: 'string' },
  },
})

const engine = values.database === undefined ? '' : ENGINES[values.database]
if (engine === undefined || values.row.some((row) => !/^\d+$/.test(row))) {
  console.error('Usage: pnpm faults [--row N]... [--cycles N] [--seed N] [--database pglite|postgres]')
  process.exit(2)
}
const rows = values.row.length === 0 ? '' : `^(.* )?rows? (\\d+, )*(${values.row.join('|')})\\b`
const pattern = [rows, engine].filter(Boolean).join('.*')
const folder = mkdtempSync(join(tmpdir(), 'dongbo-faults-'))
const outcomes = join(folder, 'outcomes.json')
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outcomes}`]
const words = ['run', '--project', 'faults*', ...reporters, ...(pattern === '' ? [] : ['-t', pattern])]
const ran = spawnSync(join(ROOT, 'node_modules', '.bin', 'vitest'), words, {
  cwd: ROOT,
  stdio: 'inherit',
  env: {
    ...process.env,
    ...(values.cycles === undefined ? {} : { FAULTS_CYCLES: values.cycles }),
    ...(values.seed === undefined ? {} : { FAULTS_SEED: values.seed }),
  },
})
/** What ran; vitest itself is content when no name matched. */
const report = existsSync(outcomes) ? (JSON.parse(readFileSync(outcomes, 'utf8')) as Report) : { testResults: [] }
rmSync(folder, { recursive: true })
const titles = report.testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ status }) => status === 'passed' || status === 'failed')
  .map(({ title }) => title)
const missing = values.row.filter((row) => !titles.some((title) => new RegExp(`^rows? (\\d+, )*${row}\\b`).test(title)))
process.exitCode = ran.status ?? 1
if (missing.length > 0 && ran.status === 0) {
  console.error(`No test here injects row ${missing.join(', ')}: see docs/faults.md.`)
  process.exitCode = 2
}
