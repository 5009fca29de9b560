import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { HeldLog } from '@dongbo/testkit/heldLog.ts'
import { FILM } from '@dongbo/testkit/matrices.ts'
import { coordinator, person } from '@dongbo/testkit/people.ts'
import { House } from '@dongbo/testkit/seats.ts'
import { Registry as PromRegistry } from 'prom-client'
import { expect, test } from 'vitest'
import { roomFigures, roomMeter } from './roomFigures.ts'

const type =
  (insert: string) =>
  (matrix: MatrixDocument): void =>
    editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 0, insert }, null)

/** What a scraper reads, by name and labels. */
async function read(registry: PromRegistry): Promise<ReadonlyMap<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}

test('what somebody who runs the server reads of its rooms', async () => {
  const registry = new PromRegistry()
  const meter = roomMeter(registry)
  const house = new House(new HeldLog(), 1, null, meter)
  const { clock, log } = house
  const document = await house.create()
  roomFigures(registry, house.registry)

  const chief = await house.enter(document, coordinator())
  const reader = await house.enter(document, person())
  expect((await read(registry)).get('dongbo_rooms_live')).toBe(0)
  log.holdsAppends = true
  const sent = chief.edit(type('A'))
  await house.settle()
  clock.advance(1_500)
  const waiting = await read(registry)
  expect(waiting.get('dongbo_unacknowledged_age_seconds')).toBe(1.5)
  expect(waiting.get('dongbo_unacknowledged_bytes')).toBe(sent.length)
  expect(waiting.get('dongbo_rooms_live')).toBe(1)
  log.release()
  await house.settle()
  clock.advance(40)
  expect(reader.takeTypes()).toEqual(['update'])
  meter.refused('lead-only')

  const after = await read(registry)
  const expected: Readonly<Record<string, number>> = {
    dongbo_rooms: 1,
    dongbo_room_sockets: 2,
    dongbo_tail_entries: 1,
    dongbo_tail_bytes: sent.length,
    dongbo_unacknowledged_bytes: 0,
    dongbo_unacknowledged_age_seconds: 0,
    dongbo_log_commits_total: 1,
    dongbo_log_entries_total: 1,
    dongbo_commit_entries_sum: 1,
    dongbo_commit_seconds_sum: 1.5,
    dongbo_telling_sockets_sum: 1,
    dongbo_telling_bytes_count: 1,
    'dongbo_updates_refused_total{code="lead-only"}': 1,
  }
  for (const [name, value] of Object.entries(expected)) expect(after.get(name), name).toBe(value)
  expect(after.get('dongbo_telling_bytes_sum')).toBeGreaterThan(sent.length)
})
