import { databaseClientIds } from '@dongbo/db/clientIds.ts'
import { databaseGrants } from '@dongbo/db/grants.ts'
import { body, person, session } from '@dongbo/db/schema.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { demoPlan, demoToday } from '@dongbo/demo/demoPlan.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { matrixOf } from '@dongbo/model/documentName.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { Registry } from '@dongbo/sync/room/registry.ts'
import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { manualClock } from '@dongbo/testkit/manualClock.ts'
import { expect, test } from 'vitest'
import { argonPasswords } from '#access/password.ts'
import { databaseSessions } from '#access/sessions.ts'
import type { LiveSocket } from '#transport/liveSockets.ts'
import { roomEntrance } from './roomEntrance.ts'
import { seedDemo } from './seedDemo.ts'

const IDLE_LIMIT_MS = 30 * 60_000

const quietSocket: LiveSocket = {
  sessionId: '',
  expiresAt: Number.POSITIVE_INFINITY,
  queuedBytes: 0,
  send: () => undefined,
  close: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  noteActivity: () => undefined,
}

test('a session that ended on the way to the room is told so, and not that there is no document', async () => {
  const connection = await embeddedDatabase()
  try {
    const { database } = connection
    const clock = manualClock()
    const random = seededRandom(1)
    const log = databaseUpdateLog(database)
    await seedDemo({ database, log, passwords: await argonPasswords(), clock, random })
    const names = { nameVi: 'Cơ quan ngoài kế hoạch', nameEn: 'A body outside the plan', abbr: 'NKH' }
    await database
      .insert(body)
      .values({ id: 'elsewhere', kind: 'city_department', ...names, successorIds: [], position: 999 })
    await database.insert(person).values({
      id: 'outsider',
      bodyId: 'elsewhere',
      email: 'outsider@elsewhere.example',
      displayName: 'Chuyên viên',
      kind: 'officer',
    })

    const sessions = databaseSessions(database, clock, IDLE_LIMIT_MS)
    const grants = databaseGrants(database, {
      now: () => clock.now(),
      today: () => demoToday,
      idleLimitMs: IDLE_LIMIT_MS,
    })
    const events = { refused: () => undefined, unfaithful: () => undefined, failed: () => undefined }
    const registry = new Registry({ clock, random, log, events }, grants, databaseClientIds(database))
    const join = roomEntrance(registry, sessions)
    const copy = { generation: null, clientId: null }
    const document = matrixOf(demoPlan.id)
    const enter = async (sessionId: string) => {
      const joined = await join({ document, sessionId, socket: quietSocket, speaksDongbo: true, copy })
      if (joined.ok) joined.value.leave()
      return joined.ok ? 'seated' : joined.error
    }

    const open = async (id: string) => (await sessions.open(trustedId<PersonId>(id))).session.id
    const officer = await open('svhtt-officer')
    expect(await enter(officer)).toBe('seated')
    expect(await enter(await open('outsider'))).toBe('no-such-document')
    await sessions.end(officer)
    expect(await enter(officer)).toBe('signed-out')
    const idle = await open('svhtt-officer')
    await database.update(session).set({ lastSeenAt: new Date(clock.now() - IDLE_LIMIT_MS) })
    expect(await enter(idle)).toBe('signed-out')
  } finally {
    await connection.close()
  }
})
