import type { Database } from '@dongbo/db/database.ts'
import { databaseGrants } from '@dongbo/db/grants.ts'
import { body, person, plan, planBody, planPerson, session } from '@dongbo/db/schema.ts'
import { matrixOf } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { plainDate } from '@dongbo/model/plainDate.ts'
import { describe, expect, test } from 'vitest'

const NOW = Date.UTC(2026, 10, 24, 8)
const TODAY = plainDate('2026-11-24')
const IDLE_LIMIT_MS = 30 * 60_000
const HOUR_MS = 3_600_000

let worlds = 0

/** A plan with a body that lives, one that ended yesterday and one that begins tomorrow; `elsewhere` has no part in it. */
async function world(database: Database) {
  worlds += 1
  const name = (text: string): string => `${text}-g${worlds}`
  const bodies = [
    { id: name('lives'), validFrom: '2026-11-24', validTo: null },
    { id: name('ended'), validFrom: null, validTo: '2026-11-23' },
    { id: name('begins'), validFrom: '2026-11-25', validTo: null },
    { id: name('elsewhere'), validFrom: null, validTo: null },
  ]
  const names = { nameVi: 'Cơ quan', nameEn: 'Body', abbr: 'CQ', kind: 'city_department', successorIds: [] }
  await database.insert(body).values(bodies.map((one, position) => ({ ...one, ...names, position })))
  const planId = name('plan')
  await database.insert(plan).values({ id: planId, titleVi: 'Kế hoạch', titleEn: 'Plan', year: 2026, status: 'issued' })
  const columns = bodies.slice(0, 3)
  await database
    .insert(planBody)
    .values(columns.map(({ id }, position) => ({ planId, bodyId: id, role: 'member', position })))
  const people = bodies.map(({ id }) => ({ id: `${id}-person`, bodyId: id, email: `${id}@x.example`, kind: 'officer' }))
  await database.insert(person).values(people.map((one) => ({ ...one, displayName: `Chuyên viên ${one.bodyId}` })))
  const open = async (of: string, how: { idleMs?: number; leftMs?: number } = {}): Promise<string> => {
    const id = `${name(of)}-session`
    await database.insert(session).values({
      id,
      personId: `${name(of)}-person`,
      createdAt: new Date(NOW - HOUR_MS),
      lastSeenAt: new Date(NOW - (how.idleMs ?? 0)),
      expiresAt: new Date(NOW + (how.leftMs ?? HOUR_MS)),
    })
    return id
  }
  const grants = databaseGrants(database, { now: () => NOW, today: () => TODAY, idleLimitMs: IDLE_LIMIT_MS })
  const document = matrixOf(trustedId<PlanId>(planId))
  const grantOf = async (sessionId: string) => await grants.grantFor(sessionId, document)
  return { database, name, planId, open, grantOf }
}

/** The exam of who may open what, on every engine. */
export function grantsContract(engine: string, open: () => Database): void {
  describe(`grants: ${engine}`, () => {
    test('a person is who the tables say, in a plan whose live bodies are those of today', async () => {
      const { name, open: openSession, grantOf } = await world(open())
      expect(await grantOf(await openSession('lives'))).toEqual({
        principal: {
          personId: `${name('lives')}-person`,
          displayName: `Chuyên viên ${name('lives')}`,
          bodyId: name('lives'),
          bodyValid: true,
          kind: 'officer',
          planRole: 'member',
        },
        plan: { planStatus: 'issued', today: TODAY, liveBodies: new Set([name('lives')]) },
      })
    })

    test('a body that has ended or not begun is not valid, and has no right of its own', async () => {
      const { open: openSession, grantOf } = await world(open())
      for (const of of ['ended', 'begins']) {
        expect(await grantOf(await openSession(of)), of).toMatchObject({ principal: { bodyValid: false } })
      }
    })

    test('who has no part in the plan gets nothing; a part of his own goes before that of his body', async () => {
      const { database, name, planId, open: openSession, grantOf } = await world(open())
      const sessionId = await openSession('elsewhere')
      expect(await grantOf(sessionId)).toBeNull()
      await database.insert(planPerson).values({ planId, personId: `${name('elsewhere')}-person`, role: 'coordinator' })
      expect(await grantOf(sessionId)).toMatchObject({ principal: { planRole: 'coordinator' } })
    })

    test.each([
      ['in time', { idleMs: IDLE_LIMIT_MS - 1, leftMs: 1 }, true],
      ['idle for too long', { idleMs: IDLE_LIMIT_MS }, false],
      ['at its end', { leftMs: 0 }, false],
    ])('a session %s', async (_, how, isAlive) => {
      const { open: openSession, grantOf } = await world(open())
      const id = await openSession('lives', { ...how, leftMs: 'leftMs' in how ? how.leftMs : HOUR_MS })
      expect((await grantOf(id)) !== null).toBe(isAlive)
    })

    test('a plan without bodies, a plan that is not there and a session that is not there', async () => {
      const { database, name, planId, open: openSession, grantOf } = await world(open())
      expect(await grantOf('nobody')).toBeNull()
      const sessionId = await openSession('elsewhere')
      const empty = { id: `${planId}-empty`, titleVi: 'Trống', titleEn: 'Empty', year: 2026, status: 'draft' }
      await database.insert(plan).values(empty)
      await database
        .insert(planPerson)
        .values({ planId: empty.id, personId: `${name('elsewhere')}-person`, role: 'observer' })
      const grants = databaseGrants(database, { now: () => NOW, today: () => TODAY, idleLimitMs: IDLE_LIMIT_MS })
      expect(await grants.grantFor(sessionId, matrixOf(trustedId<PlanId>(empty.id)))).toMatchObject({
        principal: { planRole: 'observer' },
        plan: { liveBodies: new Set() },
      })
      expect(await grants.grantFor(sessionId, matrixOf(trustedId<PlanId>('no-such-plan')))).toBeNull()
    })
  })
}
