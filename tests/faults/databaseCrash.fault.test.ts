// Real time: how soon a server finds its database again is the point.
import { seededRandom } from '@dongbo/kernel/random.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { desks } from './marks.ts'
import { acknowledges, keepTyping } from './office.ts'
import { onPostgres, type Place } from './place.ts'
import { cycles, report, SEED } from './settings.ts'
import type { Typist } from './typist.ts'

const TYPISTS = 4
const RESTARTS = cycles(3)
/** Starts of the database, on two busy cores. */
const RESTART_LIMIT_MS = 20_000

const random = seededRandom(SEED)
const typists: Typist[] = []
let place: Place

beforeAll(async () => {
  place = await onPostgres()
  for (const desk of desks().slice(0, TYPISTS)) typists.push(await place.office.sitDown(desk))
})
afterAll(async () => {
  await place?.remove()
})

test(
  'row 15: the database crashes and recovers under load',
  async () => {
    let slowestMs = 0
    for (let round = 0; round < RESTARTS; round++) {
      const stop = keepTyping(typists, random)
      await Promise.all(typists.map((typist) => acknowledges(typist, 1 + random.below(5))))
      await place.cluster.stop('immediate')
      await place.cluster.startAgain()
      const readyMs = performance.now()
      stop()
      await place.office.agree(typists)
      slowestMs = Math.max(slowestMs, performance.now() - readyMs)
      await place.office.wipe(typists)
    }
    expect(slowestMs).toBeLessThan(5_000)
    report('row 15', { 'crashes of the database': RESTARTS, 'ms slowest recovery': Math.round(slowestMs) })
  },
  60_000 + RESTARTS * RESTART_LIMIT_MS,
)
