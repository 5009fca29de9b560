// The closing line of `.ci/run`: adds up what every runner reported into the folder given as the first argument.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface TestFile {
  readonly status: 'passed' | 'failed'
  readonly assertionResults: readonly { readonly status: string }[]
}
interface VitestReport {
  readonly testResults: readonly TestFile[]
}

const total = { passed: 0, failed: 0, skipped: 0 }

/** Returns how many failed. */
function addTests({ testResults }: VitestReport): number {
  const failedBefore = total.failed
  for (const file of testResults) {
    const statuses = file.assertionResults.map(({ status }) => status)
    const failed = statuses.filter((status) => status === 'failed').length
    total.passed += statuses.filter((status) => status === 'passed').length
    total.skipped += statuses.filter((status) => status !== 'passed' && status !== 'failed').length
    // A file that breaks before its first test reports no test at all.
    total.failed += failed === 0 && file.status === 'failed' ? 1 : failed
  }
  return total.failed - failedBefore
}

const folder = process.argv[2]
if (!folder) throw new Error('say which folder holds the reports')
const reports = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as VitestReport)
const reportsWithFailures = reports.map(addTests).filter((failed) => failed > 0).length

// One line a step: `<runner|step> <passed|failed> <name>`.
const stepFile = join(folder, 'steps')
const steps = existsSync(stepFile) ? readFileSync(stepFile, 'utf8').split('\n').filter(Boolean) : []
let runnersFailed = 0
for (const [kind, outcome] of steps.map((line) => line.split(' '))) {
  if (kind === 'runner') runnersFailed += outcome === 'failed' ? 1 : 0
  else if (outcome === 'passed') total.passed += 1
  else total.failed += 1
}
// A runner has reported its tests itself, and a failing test fails its runner. Whatever runners failed beyond those did
// so outside any test: an error that nobody caught, a time limit, a suite that did not start.
total.failed += Math.max(0, runnersFailed - reportsWithFailures)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
if (total.failed > 0 || total.passed === 0) process.exitCode = 1
