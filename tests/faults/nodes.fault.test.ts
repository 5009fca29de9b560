// Two real servers over one PostgreSQL, with Redis between them; real time: that is what the faults take.
import { connect, type Socket } from 'node:net'
import { randomBytes } from 'node:crypto'
import { seededRandom } from '@dongbo/kernel/random.ts'
import type { Connection } from '@dongbo/sync/client/connection.ts'
import type { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { isSaved, signIn, tabOf, until } from '@dongbo/testkit/liveTab.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startNodes, type Nodes } from '../nodes/nodes.ts'
import { contentOf, desks } from './marks.ts'
import { acknowledges, keepTyping, Office } from './office.ts'
import { cycles, report, secondsSince, SEED } from './settings.ts'
import { Typist } from './typist.ts'

/** Who is killed answers nobody: that is found within a second, and his lease ends within five. */
const TAKEOVER_LIMIT_MS = 6_000
/** Longer than a lease, so that the frozen node has lost it when it wakes. */
const FREEZE_MS = 8_000
const REDIS_AWAY_MS = cycles(5) * 1_000
const CONVERGE_LIMIT_MS = 5_000
const FORGERIES = 2_000

let running: Nodes
let office: Office
/** Judges from the first edit on. */
let first: ServerProcess
let second: ServerProcess
let near: Typist
let far: Typist
const plainTabs: Connection[] = []

beforeAll(async () => {
  running = await startNodes()
  ;[first, second] = running.nodes
  office = new Office(first.url)
  const [one, two] = desks()
  if (two === undefined) throw new Error('there are many')
  near = await office.sitDown(one, { url: first.url })
  await types(near)
  far = await office.sitDown(two, { url: second.url })
  await types(far)
})
// A note has an end, and each test types a lot into it.
beforeEach(() => office.wipe([near, far]))
afterAll(async () => {
  for (const tab of plainTabs) tab.close()
  office?.close()
  await running?.stop()
})

/** Types something and waits until it is acknowledged. */
async function types(typist: Typist): Promise<void> {
  const acknowledged = acknowledges(typist)
  typist.type(1)
  await acknowledged
}

/** Whether the tab has lost its socket since the call. */
function watchSocket({ tab }: Typist): { readonly wasLost: boolean; stop(): void } {
  let wasLost = false
  const stop = tab.subscribe(() => {
    if (tab.view.save.at === 'offline') wasLost = true
  })
  return {
    get wasLost() {
      return wasLost
    },
    stop,
  }
}

/** Both write something, are told that it is saved, and show the same; how long that took. */
async function converge(): Promise<number> {
  const startedAt = performance.now()
  await Promise.all([types(near), types(far)])
  // Whichever hears last sees that both are the same.
  const isSame = () => contentOf(near.tab) === contentOf(far.tab)
  await Promise.race([until(near.tab, isSame), until(far.tab, isSame)])
  return performance.now() - startedAt
}

async function pass(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

test('row 39: people on two nodes write one document and see each other', async () => {
  const stop = keepTyping([near, far], seededRandom(SEED))
  await Promise.all([acknowledges(near, 100), acknowledges(far, 100)])
  stop()
  await office.agree([near, far])
  expect(contentOf(near.tab)).toBe(contentOf(far.tab))
})

test('rows 23, 24: notices that nobody signed, or that are said again, do nothing', async () => {
  const before = await figures(second)
  const heard = await overhear(running.redis.url)
  const stop = keepTyping([near, far], seededRandom(SEED))
  await Promise.all([acknowledges(near, 20), acknowledges(far, 20)])
  stop()
  const said = heard.notices.filter(({ topic }) => topic.includes('document/') || topic.includes('node/'))
  expect(said.length).toBeGreaterThan(10)
  for (let index = 0; index < FORGERIES; index++) {
    const { topic, notice } = said[index % said.length] ?? { topic: '', notice: Buffer.alloc(0) }
    const forged = Buffer.from(notice)
    const at = index % forged.length
    forged[at] = (forged[at] ?? 0) ^ (1 + (index % 255))
    heard.publish(topic, index % 3 === 0 ? randomBytes(index % 300) : index % 3 === 1 ? forged : notice)
  }
  await office.agree([near, far])
  await expect
    .poll(async () => (await figures(second)).ignored - before.ignored, { timeout: 10_000 })
    .toBeGreaterThan(FORGERIES / 4)
  heard.close()
})

test('row 22: Redis is emptied and cuts its connections: what was not heard is read from the log', async () => {
  await running.redis.command('FLUSHALL')
  await running.redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
  const took = await converge()
  expect(took).toBeLessThan(CONVERGE_LIMIT_MS)
  await office.agree([near, far])
})

test('rows 19, 21: Redis is away for seconds: both nodes take edits and make them durable, and converge after its return', async () => {
  const [ofNear, ofFar] = [watchSocket(near), watchSocket(far)]
  await running.redis.kill()
  const awayAt = performance.now()
  let rounds = 0
  for (; performance.now() - awayAt < REDIS_AWAY_MS; rounds++) {
    await Promise.all([types(near), types(far)])
    await pass(200)
  }
  await running.redis.start()
  const took = await converge()
  report('row 19', { rounds, 'ms to converge': Math.round(took) })
  expect(took).toBeLessThan(CONVERGE_LIMIT_MS)
  expect([ofNear.wasLost, ofFar.wasLost]).toEqual([false, false])
  await office.agree([near, far])
  ofNear.stop()
  ofFar.stop()
})

test('row 20: Redis is frozen for seconds: edits go on', async () => {
  running.redis.freeze()
  const frozenAt = performance.now()
  let slowest = 0
  while (performance.now() - frozenAt < REDIS_AWAY_MS) {
    const startedAt = performance.now()
    await Promise.all([types(near), types(far)])
    slowest = Math.max(slowest, performance.now() - startedAt)
    await pass(200)
  }
  running.redis.thaw()
  const took = await converge()
  report('row 20', { 'ms slowest edit': Math.round(slowest), 'ms to converge': Math.round(took) })
  expect(slowest).toBeLessThan(CONVERGE_LIMIT_MS)
  await office.agree([near, far])
})

test('row 8: the node that judges is frozen for longer than its lease: the other judges, and the frozen one cannot write when it wakes', async () => {
  await Promise.all([types(near), types(far)])
  const judge = await judgeOf()
  const [ours, theirs] = judge === first ? [near, far] : [far, near]
  const socket = watchSocket(theirs)
  running.freeze(judge)
  const frozenAt = performance.now()
  // Whoever is on the frozen node types too: his edits lie in its sockets until it wakes, or come another way.
  ours.type(3)
  await types(theirs)
  const took = performance.now() - frozenAt
  await pass(Math.max(0, FREEZE_MS - took))
  running.thaw(judge)
  report('row 8', { 'ms until the other judged': Math.round(took) })
  expect(took).toBeLessThan(TAKEOVER_LIMIT_MS)
  expect(socket.wasLost).toBe(false)
  socket.stop()
  await office.agree([near, far])
})

test('row 39: the node that judges is killed: the other judges within a lease, no socket closes, nothing acknowledged is lost', async () => {
  await Promise.all([types(near), types(far)])
  const judge = await judgeOf()
  const theirs = judge === first ? far : near
  const socket = watchSocket(theirs)
  const stop = keepTyping([near, far], seededRandom(SEED))
  await acknowledges(theirs, 10)
  await judge.kill('SIGKILL')
  const killedAt = performance.now()
  // What was answered before the kill may still arrive.
  await acknowledges(theirs, 50)
  const took = performance.now() - killedAt
  stop()
  expect(took).toBeLessThan(TAKEOVER_LIMIT_MS)
  expect(socket.wasLost).toBe(false)
  socket.stop()
  await judge.restart()
  await office.agree([near, far])
  report('row 39', { 'ms until the other judged': Math.round(took), 's back': secondsSince(killedAt) })
})

test('row 39: where no WebSocket gets through, plain requests keep to one node behind the proxy, and go over when it is killed', async () => {
  const people = desks().slice(2, 6)
  const typists = await Promise.all(
    people.map(async ({ email, task }, index) => {
      const cookie = await signIn(running.url, email)
      const tab = tabOf({ url: running.url, cookie, seed: 100 + index, line: 'plain requests' })
      plainTabs.push(tab)
      await until(tab, isSaved)
      return new Typist(tab, task, `plain${index}`)
    }),
  )
  const stop = keepTyping(typists, seededRandom(SEED))
  await Promise.all(typists.map((typist) => acknowledges(typist, 10)))
  await second.kill('SIGKILL')
  const killedAt = performance.now()
  await Promise.all(typists.map((typist) => acknowledges(typist, 10)))
  const took = performance.now() - killedAt
  stop()
  await second.restart()
  await office.agree(typists, { url: running.url })
  report('plain requests', { people: typists.length, 'ms until all went on': Math.round(took) })
  expect(typists.every(({ waiting }) => waiting.length === 0)).toBe(true)
})

/** Who writes the document: the node whose commits grow when both type. */
async function judgeOf(): Promise<ServerProcess> {
  const before = await Promise.all([figures(first), figures(second)])
  await Promise.all([types(near), types(far)])
  const after = await Promise.all([figures(first), figures(second)])
  const grown = after.map(({ written }, index) => written - (before[index]?.written ?? 0))
  return (grown[0] ?? 0) > (grown[1] ?? 0) ? first : second
}

async function figures({ url }: ServerProcess): Promise<{ written: number; ignored: number }> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const sum = (name: string): number => {
    let total = 0
    for (const [, value] of text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))) total += Number(value)
    return total
  }
  return { written: sum('dongbo_log_entries_total'), ignored: sum('dongbo_bus_notices_ignored_total') }
}

interface Overheard {
  readonly notices: readonly { readonly topic: string; readonly notice: Buffer }[]
  publish(topic: string, notice: Buffer): void
  close(): void
}

/** Somebody who can reach Redis and has no key: hears everything, and says what he likes. */
async function overhear(url: string): Promise<Overheard> {
  const { port, hostname } = new URL(url)
  const open = (): Socket => connect(Number(port), hostname)
  const notices: { topic: string; notice: Buffer }[] = []
  const [hearing, speaking] = [open(), open()]
  let kept: Buffer = Buffer.alloc(0)
  await new Promise<void>((resolve) => {
    hearing.on('data', (piece) => {
      kept = Buffer.concat([kept, piece])
      kept = readMessages(kept, (topic, notice) => notices.push({ topic, notice }))
      resolve()
    })
    hearing.write('*2\r\n$10\r\nPSUBSCRIBE\r\n$1\r\n*\r\n')
  })
  speaking.resume()
  return {
    notices,
    publish(topic, notice) {
      speaking.write(`*3\r\n$7\r\nPUBLISH\r\n$${Buffer.byteLength(topic)}\r\n${topic}\r\n$${notice.length}\r\n`)
      speaking.write(notice)
      speaking.write('\r\n')
    },
    close() {
      hearing.destroy()
      speaking.destroy()
    },
  }
}

/** Reads whole `pmessage` replies; returns what is left. */
function readMessages(bytes: Buffer, take: (topic: string, notice: Buffer) => void): Buffer {
  let at = 0
  const line = (): string | null => {
    const end = bytes.indexOf('\r\n', at)
    if (end < 0) return null
    const text = bytes.toString('utf8', at, end)
    at = end + 2
    return text
  }
  for (;;) {
    const begin = at
    const count = Number(line()?.slice(1))
    const parts: Buffer[] = []
    for (let part = 0; part < count; part++) {
      const head = line()
      if (head === null) return bytes.subarray(begin)
      if (head.startsWith(':')) continue
      const length = Number(head.slice(1))
      if (bytes.length < at + length + 2) return bytes.subarray(begin)
      parts.push(bytes.subarray(at, at + length))
      at += length + 2
    }
    if (!(count > 0)) return bytes.subarray(begin)
    const [kind, , topic, notice] = parts
    if (kind?.toString() === 'pmessage' && topic !== undefined && notice !== undefined) take(topic.toString(), notice)
  }
}
