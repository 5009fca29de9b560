// `pnpm faults`: every row in CI's numbers. `--row 2 --cycles 500`: one row in the numbers of a night. `--seed`: again, or other
// moments; the seed of each run is printed.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const ROOT = join(import.meta.dirname, '..', '..')
const ENGINES: Readonly<Record<string, string>> = { pglite: 'on the embedded database', postgres: 'on PostgreSQL' }

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
const rows = values.row.length === 0 ? '' : `^rows? (\\d+, )*(${values.row.join('|')})\\b`
const pattern = [rows, engine].filter(Boolean).join('.*')
const words = ['run', '--project', 'faults', ...(pattern === '' ? [] : ['-t', pattern])]
const ran = spawnSync(join(ROOT, 'node_modules', '.bin', 'vitest'), words, {
  cwd: ROOT,
  stdio: 'inherit',
  env: {
    ...process.env,
    ...(values.cycles === undefined ? {} : { FAULTS_CYCLES: values.cycles }),
    ...(values.seed === undefined ? {} : { FAULTS_SEED: values.seed }),
  },
})
process.exitCode = ran.status ?? 1
