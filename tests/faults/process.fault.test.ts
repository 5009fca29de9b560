// The server as a process among others: a second one, a full log, a stop, a defect, connections that never come to anything.
import { openSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { freePort, ServerProcess, UNSAID } from '@dongbo/testkit/serverProcess.ts'
import { isSaved, until } from '@dongbo/testkit/liveTab.ts'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { desks, expectOnce, marksIn } from './marks.ts'
import { acknowledges, keepTyping, Office } from './office.ts'
import { onPostgres, type Place } from './place.ts'
import { addPlans } from './plans.ts'
import { openFiles } from './process.ts'
import { runProgram } from './programs.ts'
import { cycles, report, SEED } from './settings.ts'
import type { Typist } from './typist.ts'

const SECOND_STARTS = cycles(10)
/** A start that goes at once, and some typing, on two busy cores. */
const SECOND_START_LIMIT_MS = 5_000
const DOCUMENTS = 200
const STOP_LIMIT_MS = 8_000
const ABORTED = cycles(200)
const FILES_BACK_LIMIT_MS = 60_000
const PLANTED = join(import.meta.dirname, 'plantedDefect.ts')

const clear: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const undo of clear.splice(0).toReversed()) await undo()
})

async function somewhere(env: Readonly<Record<string, string>> = {}): Promise<Place> {
  const place = await onPostgres(env)
  clear.push(() => place.remove())
  return place
}

test(
  'row 5: a second server on the same folder goes at once, naming the first, and harms nothing',
  async () => {
    const server = await ServerProcess.start()
    clear.push(() => server.remove())
    const office = new Office(server.url)
    clear.push(async () => office.close())
    const typist = await office.sitDown(desks()[0])
    const times: number[] = []
    for (let start = 0; start < SECOND_STARTS; start++) {
      typist.type(3)
      const startedMs = performance.now()
      const { code, output } = await runProgram('main.ts', [], { DATA_DIR: server.dataDir }).ended
      times.push(performance.now() - startedMs)
      expect(code).toBe(1)
      expect(output).toContain(`in use by process ${server.pid}`)
    }
    await office.agree([typist])
    await server.kill()
    await server.restart()
    await office.agree([typist])
    const slowest = Math.max(...times)
    report('row 5', { 'second starts': times.length, 'ms the slowest to go': Math.round(slowest), 'edits lost': 0 })
    expect(slowest).toBeLessThan(2_000)
  },
  60_000 + SECOND_STARTS * SECOND_START_LIMIT_MS,
)

test('row 7: stopped with two hundred documents just written: all of it is durable, exit code 0', async () => {
  const { server, office, databaseUrl } = await somewhere()
  const documents = await addPlans({ engine: 'postgres', url: databaseUrl }, DOCUMENTS)
  const typists: Typist[] = []
  const people = desks()
  for (const [index, document] of documents.entries()) {
    const desk = people[index % people.length]
    if (desk !== undefined) typists.push(await office.sitDown(desk, { document }))
  }
  for (const typist of typists) typist.type(2)
  await Promise.race(typists.map((typist) => acknowledges(typist)))
  const stoppedMs = performance.now()
  const code = await server.kill('SIGTERM')
  const tookMs = performance.now() - stoppedMs
  await Promise.all(typists.map(({ tab }) => until(tab, ({ save }) => save.at === 'offline')))
  const acknowledged = typists.map((typist) => [...typist.acknowledged])
  await server.restart()
  for (const [index, document] of documents.entries()) {
    const reader = await office.enter('coordinator@demo.dongbo', { document })
    expectOnce(acknowledged[index] ?? [], marksIn(reader))
    office.leave(reader)
  }
  for (const { tab } of typists) tab.retry()
  await Promise.all(typists.map(({ tab }) => until(tab, isSaved)))
  const count = acknowledged.flat().length
  report('row 7', {
    documents: DOCUMENTS,
    'edits acknowledged': count,
    'ms to stop': Math.round(tookMs),
    'exit code': String(code),
  })
  expect(code).toBe(0)
  expect(count).toBeGreaterThan(0)
  expect(tookMs).toBeLessThan(STOP_LIMIT_MS)
}, 300_000)

test('row 10: the disk that the log goes to is full: the server lives and saves', async () => {
  const { server, databaseUrl } = await somewhere()
  await server.kill()
  const port = await freePort()
  const main = join(import.meta.dirname, '..', '..', 'apps', 'server', 'src', 'main.ts')
  const full = openSync('/dev/full', 'w')
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      ...UNSAID,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: 'debug',
    },
    stdio: ['ignore', 'pipe', full],
  })
  clear.push(async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  if (child.stdout === null) throw new Error('no output')
  await once(child.stdout, 'data')
  const office = new Office(`http://127.0.0.1:${port}`)
  clear.push(async () => office.close())
  const typist = await office.sitDown(desks()[0])
  typist.type(5)
  await office.agree([typist])
  expect(child.exitCode).toBeNull()
  report('row 10', { 'edits saved with nowhere to log': typist.acknowledged.length })
}, 60_000)

test.each(['exception', 'rejection'])(
  'row 83: an %s that nobody catches: what is known is saved, exit code 1',
  async (kind) => {
    const env = { NODE_OPTIONS: `--import=${PLANTED}`, PLANTED_DEFECT: kind }
    const { server, office } = await somewhere(env)
    const typist = await office.sitDown(desks()[0])
    const stop = keepTyping([typist], seededRandom(SEED))
    await acknowledges(typist, 5)
    typist.type(20)
    const plantedMs = performance.now()
    process.kill(server.pid, 'SIGUSR2')
    const code = await server.ended()
    const tookMs = performance.now() - plantedMs
    await until(typist.tab, ({ save }) => save.at === 'offline')
    stop()
    expect(code).toBe(1)
    expect(server.output).toContain(`planted ${kind}`)
    expect(tookMs).toBeLessThan(STOP_LIMIT_MS)
    const promised = [...typist.acknowledged]
    await server.restart()
    const reader = await office.enter('coordinator@demo.dongbo')
    expectOnce(promised, marksIn(reader))
    await office.agree([typist])
    report('row 83', { kind, 'ms until the process had gone': Math.round(tookMs), 'acknowledged and lost': 0 })
  },
  60_000,
)

test(
  'row 82: connections that come to nothing leave nothing behind',
  async () => {
    const { server, office } = await somewhere()
    const port = Number(new URL(server.url).port)
    const cookie = await office.cookieOf(desks()[0].email)
    // What the server opens once and keeps, it opens for the first of each kind.
    for (let kind = 0; kind < 4; kind++) await abortOne(port, server.url, cookie, kind)
    const before = openFiles(server.pid)
    const random = seededRandom(SEED)
    for (let number = 0; number < ABORTED; number++) await abortOne(port, server.url, cookie, random.below(4))
    const most = openFiles(server.pid)
    const abortedMs = performance.now()
    // Another process' files: nothing tells when they are closed.
    while (openFiles(server.pid) > before + 10 && performance.now() - abortedMs < FILES_BACK_LIMIT_MS) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const after = openFiles(server.pid)
    report('row 82', { 'connections cut off': ABORTED, 'files before': before, most, after })
    expect(after).toBeLessThanOrEqual(before + 10)
    expect(most).toBeLessThan(before + ABORTED)
  },
  120_000 + ABORTED * 200,
)

/** A connection that ends before it says anything, in the middle of its headers, as a socket, or with a socket half closed. */
async function abortOne(port: number, url: string, cookie: string, kind: number): Promise<void> {
  if (kind === 2) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/sync/matrix/kh-2026`, {
      headers: { cookie, origin: url },
    })
    await once(socket, 'open')
    const closed = once(socket, 'close')
    socket.terminate()
    await closed
    return
  }
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  if (kind === 1) socket.write('GET / HTTP/1.1\r\nHos')
  if (kind === 3) socket.end(() => socket.destroy())
  else socket.resetAndDestroy()
  await closed
}
