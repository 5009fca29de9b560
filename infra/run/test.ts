// `npm test`: every test that needs nothing but this folder, and one line for each suite that needs more.
import { spawnSync } from 'node:child_process'
import { ROOT, tool } from './paths.ts'

const LEFT_OUT = [
  ['test:pg', 'needs a PostgreSQL server; set TEST_PG_URL and run `pnpm test:pg`'],
  ['test:redis', 'needs a Redis server; set TEST_REDIS_URL and run `pnpm test:redis`'],
  ['e2e', 'needs Chromium, the Noto fonts and TEST_PG_URL; run `pnpm e2e`'],
  ['fuzz', 'roams for as long as it is told; run `pnpm fuzz`'],
] as const

const done = spawnSync(tool('vitest'), ['run', '--project', 'unit', '--project', 'whole', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
})
for (const [name, why] of LEFT_OUT) console.log(`left out: ${name}: ${why}`)
console.log('`.ci/run` runs them all, on services of its own.')
process.exitCode = done.status ?? 1
