import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

/** A project with nothing but the door, a lockfile that is installed, and an npx that only notes what it was asked. */
let project = ''

function write(path: string, text: string): void {
  mkdirSync(join(project, path, '..'), { recursive: true })
  writeFileSync(join(project, path), text)
}

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'dongbo-go-'))
  write('infra/run/go.mjs', '')
  copyFileSync(join(import.meta.dirname, 'go.mjs'), join(project, 'infra/run/go.mjs'))
  write('package.json', JSON.stringify({ packageManager: 'pnpm@0.0.0' }))
  write('pnpm-lock.yaml', 'one')
  write('node_modules/.pnpm/lock.yaml', 'one')
  // Stamped a minute ahead: file systems keep coarser times than the clock.
  write('node_modules/.pnpm-workspace-state-v1.json', JSON.stringify({ lastValidatedTimestamp: Date.now() + 60_000 }))
  write(
    'infra/run/hello.ts',
    "const word: string = 'hello'\nconsole.log(word, process.argv[2])\nprocess.exitCode = 7\n",
  )
  write('bin/npx', `#!/bin/sh\necho "$@" > '${project}/asked'\nexit "$NPX_EXIT"\n`)
  chmodSync(join(project, 'bin/npx'), 0o755)
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

function go(options: { nodeArguments?: string[]; npxExit?: number } = {}) {
  return spawnSync(
    process.execPath,
    [...(options.nodeArguments ?? []), join(project, 'infra/run/go.mjs'), 'hello', 'world'],
    {
      encoding: 'utf8',
      env: { PATH: `${join(project, 'bin')}:/usr/bin:/bin`, NPX_EXIT: String(options.npxExit ?? 0) },
    },
  )
}

function asked(): string {
  return readFileSync(join(project, 'asked'), 'utf8').trim()
}

test('an installed project starts without asking anybody, and its exit code is the script’s', () => {
  const done = go()
  expect(done.stdout).toBe('hello world\n')
  expect(done.status).toBe(7)
  expect(asked).toThrow('ENOENT')
})

test('a changed lockfile is installed first, by the pnpm that the manifest names', () => {
  write('pnpm-lock.yaml', 'two')
  expect(go().stdout).toContain('hello world')
  expect(asked()).toBe('-y pnpm@0.0.0 install')
})

test('a manifest younger than the installation is installed first', () => {
  write('node_modules/.pnpm-workspace-state-v1.json', JSON.stringify({ lastValidatedTimestamp: 0 }))
  go()
  expect(asked()).toBe('-y pnpm@0.0.0 install')
  rmSync(join(project, 'asked'))
  go()
  expect(asked, 'asked again although nothing changed').toThrow('ENOENT')
})

test('a failed installation says what to do and starts nothing', () => {
  write('pnpm-lock.yaml', 'two')
  const done = go({ npxExit: 1 })
  expect(done.stderr).toMatch(/^dongbo: the installation failed.*check the network and try again\.\n$/)
  expect(done.stdout).not.toContain('hello')
  expect(done.status).toBe(1)
})

test('an old Node is told so in one sentence', () => {
  const old = `Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } })`
  const done = go({ nodeArguments: ['--import', `data:text/javascript,${encodeURIComponent(old)}`] })
  expect(done.stderr).toBe(
    'dongbo: Node 18.20.4 is too old; install Node 20.19 or newer (https://nodejs.org) and try again.\n',
  )
  expect(done.status).toBe(1)
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s reaches the script, which ends in its own way', async (signal) => {
  write(
    'infra/run/hello.ts',
    `const alive = setInterval(() => undefined, 1000)
    process.on('${signal}', () => { console.log('ended well'); clearInterval(alive) })
    console.log('ready')`,
  )
  const child: ChildProcess = spawn(process.execPath, [join(project, 'infra/run/go.mjs'), 'hello'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout?.setEncoding('utf8')
  child.stdout?.on('data', (text: string) => {
    output += text
    if (text.includes('ready')) child.kill(signal)
  })
  const [code] = await once(child, 'close')
  expect(output).toContain('ended well')
  expect(code).toBe(0)
})
