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

function addTests({ testResults }: VitestReport): void {
  for (const file of testResults) {
    const statuses = file.assertionResults.map(({ status }) => status)
    const failed = statuses.filter((status) => status === 'failed').length
    total.passed += statuses.filter((status) => status === 'passed').length
    total.skipped += statuses.filter((status) => status !== 'passed' && status !== 'failed').length
    // A file that breaks before its first test reports no test at all.
    total.failed += failed === 0 && file.status === 'failed' ? 1 : failed
  }
}

const folder = process.argv[2]
if (!folder) throw new Error('say which folder holds the reports')
for (const name of readdirSync(folder).filter((file) => file.endsWith('.json')))
  addTests(JSON.parse(readFileSync(join(folder, name), 'utf8')) as VitestReport)

// One line a step: `<runner|step> <passed|failed> <name>`. A runner has reported its tests itself; it counts here only
// when it failed without a failing test, as with an error outside any test.
const stepFile = join(folder, 'steps')
const steps = existsSync(stepFile) ? readFileSync(stepFile, 'utf8').split('\n').filter(Boolean) : []
const failedBefore = total.failed
for (const [kind, outcome] of steps.map((line) => line.split(' '))) {
  if (kind === 'step' && outcome === 'passed') total.passed += 1
  if (outcome === 'failed' && (kind === 'step' || failedBefore === 0)) total.failed += 1
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
if (total.failed > 0 || total.passed === 0) process.exitCode = 1
