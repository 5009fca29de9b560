// Many people lose their server at once. Real time: how fast they come back, and how often they knock, is the point.
import { seededRandom } from '@dongbo/kernel/random.ts'
import type { Connection } from '@dongbo/sync/client/connection.ts'
import { DEMO_MATRIX, isSaved, until } from '@dongbo/testkit/liveTab.ts'
import { TcpProxy } from '@dongbo/testkit/tcpProxy.ts'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { desks } from './marks.ts'
import { acknowledges, keepTyping } from './office.ts'
import { onPostgres, type Place } from './place.ts'
import { addPlans } from './plans.ts'
import { peakMiB } from './process.ts'
import { cycles, report, SEED } from './settings.ts'

/** CI's crowd; `--cycles 2000` is a night's. */
const CROWD = cycles(300)
/** A person who signs in and opens a document, on two busy cores. */
const ENTER_LIMIT_MS = 1_000
const ROOMS = 50
const ALMOST_ALL_MS = 15_000
const ALL_MS = 30_000
const MEMORY_LIMIT_MIB = 1_536
const CRASHES = 5
/** So long lives each of the servers that crash. */
const LIFE_MS = 1_000
/** Longer than y-websocket's own patience of 30 s with a server that says nothing. */
const STOPPED_MS = 33_000

let place: Place
let server: Place['server']
let office: Place['office']

beforeAll(async () => {
  place = await onPostgres()
  server = place.server
  office = place.office
})
afterAll(async () => {
  await place?.remove()
})

test(
  'row 27: the server is killed under a crowd: everybody is back within seconds',
  async () => {
    const extra = await addPlans({ engine: 'postgres', url: place.databaseUrl }, ROOMS - 1)
    const documents = [DEMO_MATRIX, ...extra]
    const people = desks()
    const tabs: Connection[] = []
    for (let index = 0; index < CROWD; index++) {
      const person = people[index % people.length]
      const document = documents[index % documents.length]
      if (person !== undefined && document !== undefined) tabs.push(await office.enter(person.email, { document }))
    }
    await server.kill()
    await Promise.all(tabs.map((tab) => until(tab, ({ save }) => save.at === 'offline')))
    await server.restart()
    const readyMs = performance.now()
    const back: number[] = []
    await Promise.all(
      tabs.map(async (tab) => {
        await until(tab, isSaved)
        back.push(performance.now() - readyMs)
      }),
    )
    for (const tab of tabs) office.leave(tab)
    const almostAllMs = back[Math.ceil(back.length * 0.99) - 1] ?? Infinity
    const allMs = back.at(-1) ?? Infinity
    const memory = peakMiB(server.pid)
    report('row 27', {
      people: tabs.length,
      rooms: ROOMS,
      's until 99 % were back': (almostAllMs / 1_000).toFixed(1),
      's until all were': (allMs / 1_000).toFixed(1),
      'MiB at most': Math.round(memory),
    })
    expect(tabs).toHaveLength(CROWD)
    expect(almostAllMs).toBeLessThan(ALMOST_ALL_MS)
    expect(allMs).toBeLessThan(ALL_MS)
    expect(memory).toBeLessThan(MEMORY_LIMIT_MIB)
  },
  60_000 + CROWD * ENTER_LIMIT_MS,
)

test('row 28: a server that crashes a second after each start is not run over', async () => {
  const proxy = await TcpProxy.to(Number(new URL(server.url).port), seededRandom(SEED))
  onTestFinished(() => proxy.close())
  const through = { url: `http://127.0.0.1:${proxy.port}` }
  const tabs: Connection[] = []
  for (const { email } of desks().slice(0, 20)) tabs.push(await office.enter(email, through))
  const before = proxy.accepted
  const startedMs = performance.now()
  for (let crash = 0; crash < CRASHES; crash++) {
    await server.kill()
    await server.restart()
    await new Promise((resolve) => setTimeout(resolve, LIFE_MS))
  }
  const seconds = (performance.now() - startedMs) / 1_000
  const attempts = (proxy.accepted - before) / tabs.length / seconds
  await Promise.all(tabs.map((tab) => until(tab, isSaved)))
  for (const tab of tabs) office.leave(tab)
  report('row 28', { crashes: CRASHES, 'attempts a second and client': attempts.toFixed(2) })
  expect(attempts).toBeLessThan(1)
}, 180_000)

test('row 8: the server is stopped for longer than anybody waits, and goes on: everybody comes together again', async () => {
  const typists = []
  for (const desk of desks().slice(0, 4)) typists.push(await office.sitDown(desk))
  const stop = keepTyping(typists, seededRandom(SEED))
  await Promise.all(typists.map((typist) => acknowledges(typist, 3)))
  const { pid } = server
  process.kill(pid, 'SIGSTOP')
  await new Promise((resolve) => setTimeout(resolve, STOPPED_MS))
  process.kill(pid, 'SIGCONT')
  const goesOnMs = performance.now()
  stop()
  await office.agree(typists)
  const togetherMs = performance.now() - goesOnMs
  report('row 8', { 's stopped': STOPPED_MS / 1_000, 's until all agree': (togetherMs / 1_000).toFixed(1) })
  expect(togetherMs).toBeLessThan(10_000)
}, 120_000)
