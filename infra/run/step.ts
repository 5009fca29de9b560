import { spawn } from 'node:child_process'
import { ROOT, tool } from './paths.ts'

export interface Step {
  readonly name: string
  /** A tool of the root manifest and its arguments. */
  readonly command: readonly [string, ...string[]]
}

export interface StepOutcome {
  readonly name: string
  readonly passed: boolean
  readonly output: string
  readonly seconds: number
}

/** Runs one step with its output held back, so that steps side by side do not mix theirs. */
function runStep(step: Step): Promise<StepOutcome> {
  const [name, ...rest] = step.command
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(tool(name), rest, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ name: step.name, passed: code === 0, output, seconds: (performance.now() - startedAt) / 1000 })
    })
  })
}

/** Runs steps side by side and prints one line each, with the output of those that failed. */
export async function runSideBySide(steps: readonly Step[]): Promise<StepOutcome[]> {
  const outcomes = await Promise.all(steps.map(runStep))
  for (const { name, passed, seconds, output } of outcomes) {
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s`)
    if (!passed) console.log(output.trimEnd())
  }
  return outcomes
}
