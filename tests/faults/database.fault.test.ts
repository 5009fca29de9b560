// The database is crashed, lied to, locked and cut off under a running server. Real time: that is what the faults take.
import { seededRandom } from '@dongbo/kernel/random.ts'
import { FaultyDisk } from '@dongbo/testkit/faultyDisk.ts'
import { isSaved, until } from '@dongbo/testkit/liveTab.ts'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { TcpProxy } from '@dongbo/testkit/tcpProxy.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BadgeWitness } from './badgeWitness.ts'
import { desks } from './marks.ts'
import { acknowledges, keepTyping, Office } from './office.ts'
import { addPlans } from './plans.ts'
import { PostgresCluster } from './postgresCluster.ts'
import { residentMiB } from './process.ts'
import { cycles, report, secondsSince, SEED } from './settings.ts'
import type { Typist } from './typist.ts'

const TYPISTS = 4
const LOST_REPLIES = cycles(20)
const BROKEN = cycles(8)
/** Times that a tab says "saved", of which each is checked. */
const CLAIMS = cycles(400)
/** A claim and the question whether it is true, on two busy cores; wiping after each batch. */
const CLAIM_LIMIT_MS = 300
/** So many marks fit into a text. */
const BATCH = 100
/** Starts of the database, on two busy cores. */
const RESTART_LIMIT_MS = 20_000
const SLOW_SYNC_MS = 2_000
/** What a lock on one document may cost those who write another. */
const OTHERS_WAIT_LIMIT_MS = 2_500
const CONNECTIONS = `select count(*) from pg_stat_activity where application_name = 'dongbo'`
/** Ten of the server's pool, and the witness's own. */
const POOL_AND_WITNESS = 20

const random = seededRandom(SEED)
let disk: FaultyDisk
let cluster: PostgresCluster
let proxy: TcpProxy
let server: ServerProcess
let office: Office
let witness: BadgeWitness
/** The database's address past the proxy. */
let direct: string
const typists: Typist[] = []

beforeAll(async () => {
  disk = new FaultyDisk()
  cluster = await PostgresCluster.start({ env: disk.env })
  proxy = await TcpProxy.to(cluster.port, random)
  const databaseUrl = await cluster.createDatabase(proxy.port)
  server = await ServerProcess.start({ databaseUrl })
  office = new Office(server.url)
  direct = databaseUrl.replace(`:${proxy.port}/`, `:${cluster.port}/`)
  witness = await BadgeWitness.over(direct)
  for (const desk of desks().slice(0, TYPISTS)) {
    const typist = await office.sitDown(desk)
    witness.watch(typist)
    typists.push(typist)
  }
})
afterAll(async () => {
  office?.close()
  await server?.remove()
  await proxy?.close()
  await cluster?.remove()
  disk?.remove()
})

test('row 17: one document is locked by somebody else in the database: the others are written as ever', async () => {
  const [typist] = typists
  const [locked] = await addPlans({ engine: 'postgres', url: direct }, 1)
  if (typist === undefined || locked === undefined) throw new Error('nobody types')
  const [desk] = desks()
  const stuck = await office.sitDown(desk, { document: locked })
  const connections = async () => Number(await cluster.sql('postgres', CONNECTIONS))
  const lock = cluster.session(new URL(direct).pathname.slice(1))
  await lock.say(`begin; select 1 from document where name = '${locked}' for update;`)
  stuck.type(3)
  let slowestMs = 0
  for (let edits = 0; edits < 20; edits++) {
    const typedMs = performance.now()
    typist.type(1)
    await acknowledges(typist)
    slowestMs = Math.max(slowestMs, performance.now() - typedMs)
  }
  expect(stuck.acknowledged).toEqual([])
  expect(await connections()).toBeLessThanOrEqual(POOL_AND_WITNESS)
  await lock.end()
  await until(stuck.tab, isSaved)
  office.leave(stuck.tab)
  await office.agree(typists)
  expect(slowestMs).toBeLessThan(OTHERS_WAIT_LIMIT_MS)
  report('row 17', { 'ms slowest edit beside a locked document': Math.round(slowestMs) })
})

test(
  'row 16: the answer to a commit never arrives: the edit stands once, in the log and on every screen',
  async () => {
    const [typist] = typists
    if (typist === undefined) throw new Error('nobody types')
    let dropped = 0
    for (let round = 0; round < LOST_REPLIES; round++) {
      const lost = new Promise<void>((resolve) => {
        proxy.requestFilter = (piece) => {
          const mark = typist.marks.at(-1)
          if (mark === undefined || !carries(piece, mark)) return 'pass'
          proxy.requestFilter = () => 'pass'
          dropped++
          resolve()
          return 'lose-answer'
        }
      })
      typist.type(1)
      await lost
      await until(typist.tab, (view) => view.save.at === 'offline' || isSaved(view))
      typist.tab.retry()
      await until(typist.tab, isSaved)
      const inLog = `select count(*) from document_update where position(convert_to('${typist.marks.at(-1)}', 'UTF8') in data) > 0`
      expect(await cluster.sql(new URL(direct).pathname.slice(1), inLog)).toBe('1')
      if (!typist.isFull) continue
      await office.agree(typists)
      await office.wipe(typists)
    }
    await office.agree(typists)
    await office.wipe(typists)
    expect(dropped).toBe(LOST_REPLIES)
    report('row 16', { 'lost answers to a commit': dropped, 'edits doubled': 0 })
  },
  60_000 + LOST_REPLIES * RESTART_LIMIT_MS,
)

test(
  'row 83: connections to the database break at moments of chance: what is acknowledged stays, the process lives',
  async () => {
    const { pid } = server
    proxy.setWeather({ resetsPerMille: 20 })
    for (let round = 0; round < BROKEN; round++) {
      for (const typist of typists) typist.type(1 + random.below(3))
      for (const { tab } of typists) tab.retry()
      await Promise.all(typists.map(({ tab }) => until(tab, (view) => view.save.at === 'offline' || isSaved(view))))
    }
    proxy.setWeather({})
    await office.agree(typists)
    await office.wipe(typists)
    expect(server.isRunning).toBe(true)
    expect(server.pid).toBe(pid)
    report('row 83', { 'rounds of typing over breaking connections': BROKEN, 'acknowledged and lost': 0 })
  },
  60_000 + BROKEN * RESTART_LIMIT_MS,
)

test('row 12: a sync of the disk takes two seconds: nothing is called saved before', async () => {
  const [typist] = typists
  if (typist === undefined) throw new Error('nobody types')
  const before = residentMiB(server.pid)
  disk.become(`slow ${SLOW_SYNC_MS}`)
  const startedMs = performance.now()
  for (const each of typists) each.type(100)
  expect(typist.tab.view.save.at).toBe('sending')
  await acknowledges(typist)
  const firstMs = performance.now() - startedMs
  const grownMiB = residentMiB(server.pid) - before
  disk.become('ok')
  await office.agree(typists)
  await office.wipe(typists)
  expect(firstMs).toBeGreaterThan(SLOW_SYNC_MS)
  expect(grownMiB).toBeLessThan(200)
  report('row 12', { 's to the first "saved"': (firstMs / 1_000).toFixed(1), 'MiB of growth': Math.round(grownMiB) })
})

test('row 11: the disk refuses a sync: nothing is called saved until the database has recovered', async () => {
  const before = typists.map(({ acknowledged }) => acknowledged.length)
  disk.become('eio')
  for (const typist of typists) typist.type(3)
  await Promise.all(typists.map(({ tab }) => until(tab, ({ save }) => save.at === 'offline')))
  expect(disk.syncs.failed).toBeGreaterThan(0)
  expect(typists.map(({ acknowledged }) => acknowledged.length)).toEqual(before)
  // PostgreSQL ends after a sync that failed, and trusts nothing but its write-ahead log from then on.
  expect(cluster.log()).toContain('PANIC')
  disk.become('ok')
  await cluster.stop('immediate')
  await cluster.startAgain()
  await office.agree(typists)
  report('row 11', { 'failed syncs': disk.syncs.failed, 'acknowledged meanwhile': 0 })
})

test(
  'row 79: what was called saved was committed, each time, in all of the above',
  async () => {
    const startedMs = performance.now()
    const goal = witness.claims + CLAIMS
    for (let batch = 0; batch * BATCH * TYPISTS < CLAIMS; batch++) {
      const stop = keepTyping(typists, random)
      await Promise.all(typists.map((typist) => acknowledges(typist, BATCH)))
      stop()
      await office.agree(typists)
      await office.wipe(typists)
    }
    await witness.finish()
    expect(witness.lies).toEqual([])
    expect(witness.claims).toBeGreaterThanOrEqual(goal)
    report('row 79', { claims: witness.claims, false: 0, 's of it by itself': secondsSince(startedMs) })
  },
  60_000 + CLAIMS * CLAIM_LIMIT_MS,
)

/** Bytes go to the database as they are, or as hexadecimal digits. */
function carries(piece: Uint8Array, mark: string): boolean {
  const bytes = Buffer.from(piece)
  return bytes.includes(mark) || bytes.includes(Buffer.from(mark).toString('hex'))
}
