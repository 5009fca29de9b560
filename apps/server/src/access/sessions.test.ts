import type { Connection } from '@dongbo/db/connect.ts'
import { body, person } from '@dongbo/db/schema.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { manualClock } from '@dongbo/testkit/manualClock.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { databaseSessions } from './sessions.ts'

const MINUTE_MS = 60_000
const OFFICER = trustedId<PersonId>('officer')

let connection: Connection
beforeAll(async () => {
  connection = await embeddedDatabase()
  const names = { nameVi: 'Sở Du lịch', nameEn: 'Department of Tourism', abbr: 'SDL' }
  await connection.database
    .insert(body)
    .values({ id: 'sdl', kind: 'city_department', ...names, successorIds: [], position: 1 })
  await connection.database
    .insert(person)
    .values({ id: OFFICER, bodyId: 'sdl', email: 'officer@sdl.example', displayName: 'Chuyên viên', kind: 'officer' })
})
afterAll(async () => {
  await connection.close()
})

test('a page that asks by itself does not keep a session alive; a person who asks does', async () => {
  const clock = manualClock()
  const sessions = databaseSessions(connection.database, clock, 30 * MINUTE_MS)
  const { token, session } = await sessions.open(OFFICER)
  clock.advance(20 * MINUTE_MS)
  expect(await sessions.find(token)).toEqual(session)
  for (let minute = 0; minute < 29; minute++) {
    clock.advance(MINUTE_MS)
    expect(await sessions.recognise(token)).toEqual(session)
  }
  clock.advance(MINUTE_MS)
  expect(await sessions.recognise(token)).toBeNull()
  expect(await sessions.find(token)).toBeNull()
  expect(await sessions.overAmong([session.id])).toEqual([session.id])
})
