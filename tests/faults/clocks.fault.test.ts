// Clocks that are wrong: the server's (libfaketime under the real process) and a browser's.
import { instant, type Clock } from '@dongbo/kernel/clock.ts'
import { DEMO_MATRIX, isSaved, until } from '@dongbo/testkit/liveTab.ts'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { expect, onTestFinished, test } from 'vitest'
import { desks } from './marks.ts'
import { Office } from './office.ts'
import { onPostgres } from './place.ts'
import { PostgresCluster } from './postgresCluster.ts'
import { report } from './settings.ts'

const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'
const HOUR_MS = 3_600_000
const YEARS_MS = 10 * 365 * 24 * HOUR_MS

test('row 25: the server’s clock is an hour fast, then an hour slow: nothing is lost, people work, the order is the log’s', async () => {
  const cluster = await PostgresCluster.start()
  onTestFinished(() => cluster.remove())
  const databaseUrl = await cluster.createDatabase()
  const typed: string[] = []
  for (const [index, offset] of ['+1h', '-1h', '+0h'].entries()) {
    const env = {
      LD_PRELOAD: FAKETIME,
      FAKETIME: offset,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
    const server = await ServerProcess.start({ databaseUrl, env })
    onTestFinished(() => server.remove())
    // Everybody signs in anew: after a jump of an hour a session has been idle for an hour.
    const office = new Office(server.url, `at${index}.`)
    onTestFinished(() => office.close())
    const [first, second] = desks()
    if (second === undefined) throw new Error('nobody there')
    const typists = [await office.sitDown(first), await office.sitDown(second)]
    for (const typist of typists) typist.type(10)
    await office.agree(typists)
    const { save } = typists[0]?.tab.view ?? {}
    const skewMs = (save?.at === 'saved' ? (save.savedAt ?? 0) : 0) - Date.now()
    expect(Math.abs(skewMs - Number(offset.slice(0, 2)) * HOUR_MS)).toBeLessThan(60_000)
    typed.push(...typists.flatMap(({ marks }) => marks))
    office.close()
    await server.kill('SIGTERM')
  }
  const sequence = `select count(*) = max(seq) and count(*) = count(distinct seq) from document_update where document = '${DEMO_MATRIX}'`
  expect(await cluster.sql('dongbo_0', sequence)).toBe('t')
  report('row 25', { 'edits under three clocks': typed.length, lost: 0, 'signed out early': 0 })
}, 120_000)

test('row 26: a browser whose clock is years off works as ever, and shows the server’s time', async () => {
  const { office, remove } = await onPostgres()
  onTestFinished(remove)
  const [first, second] = desks()
  if (second === undefined) throw new Error('nobody there')
  const typists = [
    await office.sitDown(first, { clock: clockOff(YEARS_MS) }),
    await office.sitDown(second, { clock: clockOff(-YEARS_MS) }),
  ]
  for (const typist of typists) typist.type(10)
  await office.agree(typists)
  for (const { tab } of typists) {
    const { save } = await until(tab, isSaved)
    const savedAt = save.at === 'saved' ? (save.savedAt ?? 0) : 0
    expect(Math.abs(savedAt - Date.now())).toBeLessThan(60_000)
  }
  report('row 26', { 'edits of two browsers ten years off': typists.flatMap(({ marks }) => marks).length })
}, 60_000)

function clockOff(byMs: number): Clock {
  return {
    now: () => instant(Date.now() + byMs),
    after(delayMs, task) {
      const timer = setTimeout(task, delayMs)
      return () => clearTimeout(timer)
    },
  }
}
