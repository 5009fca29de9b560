// Real processes and real time: what a person at a terminal, a supervisor and a second server meet.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { middleOfThree } from './middleOfThree.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const MAIN = join(ROOT, 'apps', 'server', 'src', 'main.ts')
const CLI = join(ROOT, 'apps', 'server', 'src', 'cli.ts')

/** A process takes up to 10 s to make a database when the machine is busy with other tests. */
const SEVEN_PROCESSES_MS = 180_000

interface Started {
  readonly child: ChildProcess
  readonly output: () => string
  /** Resolves with the exit code once the process is gone and its output complete. */
  readonly ended: Promise<number | null>
}

const running = new Set<ChildProcess>()

function start(script: string, environment: Readonly<Record<string, string>>, words: readonly string[] = []): Started {
  const child = spawn(process.execPath, [script, ...words], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child)
    return typeof code === 'number' ? code : null
  })
  return { child, output: () => output, ended }
}

/** The address that the server prints when it is ready. */
async function ready(server: Started): Promise<string> {
  for (;;) {
    const address = /is ready: (\S+)/.exec(server.output())?.[1]
    if (address !== undefined) return address
    const next = server.child.stdout === null ? Promise.resolve() : once(server.child.stdout, 'data')
    await Promise.race([next, server.ended.then(() => Promise.reject(new Error(server.output())))])
  }
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dongbo-process-'))
})
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test(
  'seeded by the command; one folder, one server: the second is told, a killed one is followed, a stopped one leaves cleanly',
  async () => {
    const environment = { DATA_DIR: join(folder, 'shared') }
    expect(await start(CLI, environment, ['seed']).ended).toBe(0)
    const again = start(CLI, environment, ['seed'])
    expect(await again.ended).toBe(1)
    expect(again.output()).toContain('not empty')

    const first = start(MAIN, environment)
    const address = await ready(first)
    expect(first.output()).toContain('coordinator@demo.dongbo')
    expect(first.output()).toContain('Dongbo-2026!')
    expect(first.output()).toContain(environment.DATA_DIR)
    expect((await fetch(`${address}/readyz`)).status).toBe(200)

    const startSecond = async () => {
      const second = start(MAIN, environment)
      expect(await second.ended).not.toBe(0)
      expect(second.output()).toContain(`in use by process ${first.child.pid}`)
      expect(second.output().trim().split('\n')).toHaveLength(1)
    }
    expect(await middleOfThree(startSecond)).toBeLessThan(2_000)

    first.child.kill('SIGKILL')
    await first.ended
    const third = start(MAIN, environment)
    expect((await fetch(`${await ready(third)}/api/sign-in/bodies`)).status).toBe(200)

    const stopping = performance.now()
    third.child.kill('SIGTERM')
    expect(await third.ended).toBe(0)
    expect(performance.now() - stopping).toBeLessThan(8_000)

    const doctor = start(CLI, environment, ['doctor'])
    expect(await doctor.ended).toBe(0)
    expect(doctor.output()).toContain('ok   matrix/kh-2026')
  },
  SEVEN_PROCESSES_MS,
)

describe('a start that cannot work ends with one sentence', () => {
  const failing: readonly (readonly [string, () => Readonly<Record<string, string>>, RegExp])[] = [
    [
      'a folder that cannot be made',
      () => ({ DATA_DIR: join(folder, 'a-file', 'data') }),
      /data folder .* cannot be written/,
    ],
    ['a folder that is a file', () => ({ DATA_DIR: join(folder, 'a-file') }), /data folder .* cannot be written/],
    ['a folder under /proc', () => ({ DATA_DIR: '/proc/dongbo' }), /data folder \/proc\/dongbo cannot be written/],
    ['a database that is not there', () => ({ DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' }), /cannot be reached/],
    [
      'a database of another kind',
      () => ({ DATABASE_URL: 'mysql://a:b@127.0.0.1/c' }),
      /DATABASE_URL must be an address/,
    ],
    ['a port that is none', () => ({ PORT: '99999' }), /PORT must be 0 to 65535/],
    [
      'a pinned clock where people work',
      () => ({ DONGBO_DEMO: '0', DONGBO_NOW: '2026-11-23' }),
      /DONGBO_NOW is for demos/,
    ],
  ]

  test.each(failing)('%s', async (_what, environment, sentence) => {
    writeFileSync(join(folder, 'a-file'), '')
    const server = start(MAIN, { DATA_DIR: join(folder, 'other'), ...environment() })
    expect(await server.ended).toBe(1)
    expect(server.output()).toMatch(sentence)
    expect(server.output().trim().split('\n')).toHaveLength(1)
  })

  test('a port in use', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    const address = squatter.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const server = start(MAIN, { DATA_DIR: join(folder, 'shared'), PORT: port })
    expect(await server.ended).toBe(1)
    expect(server.output()).toContain(`Port ${port} is in use`)
    squatter.close()
  })
})

test('a command that is none says how it is used, with exit code 2', async () => {
  for (const words of [[], ['doctor', 'now']]) {
    const command = start(CLI, { DATA_DIR: join(folder, 'never') }, words)
    expect(await command.ended).toBe(2)
    expect(command.output()).toContain('Usage: pnpm dongbo')
  }
})
