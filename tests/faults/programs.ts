import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { UNSAID } from '@dongbo/testkit/serverProcess.ts'

const SERVER = join(import.meta.dirname, '..', '..', 'apps', 'server', 'src')

export interface Program {
  readonly child: ChildProcess
  /** Resolves with the exit code, null when a signal ended it, and everything that it printed. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>
}

/** Runs the server (`main.ts`) or the command (`cli.ts`) as a process that may fail. */
export function runProgram(
  file: 'main.ts' | 'cli.ts',
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Program {
  const child = spawn(process.execPath, [join(SERVER, file), ...words], {
    env: { ...process.env, ...UNSAID, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const ended = once(child, 'close').then(([code]) => ({ code: typeof code === 'number' ? code : null, output }))
  return { child, ended }
}
