import type { Clock, Instant } from '@dongbo/kernel/clock.ts'
import { instant } from '@dongbo/kernel/clock.ts'
import type { Database } from '@dongbo/db/database.ts'
import { person, session } from '@dongbo/db/schema.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { and, eq, gt, inArray, lt, or, sql, type Placeholder } from 'drizzle-orm'
import { newToken, sessionIdOf } from './token.ts'

/** Longest life of a session however busy it is: a working day with overtime. */
export const SESSION_LIFE_MS = 12 * 3_600_000
/** Writing at every request would cost a commit each; a minute is exact enough for a limit of many. */
const TOUCH_AFTER_MS = 60_000

export interface Session {
  /** Hash of the token: safe to log and to hand to other nodes. */
  readonly id: string
  readonly personId: PersonId
  readonly expiresAt: Instant
}

/** Sessions live in the database, so that ending one is a fact on every node. */
export interface Sessions {
  /** Opens a session; the token goes to the browser and is kept nowhere. */
  open(personId: PersonId): Promise<{ readonly token: string; readonly session: Session }>
  /** The live session of a token, or null. Counts as activity. */
  find(token: string): Promise<Session | null>
  /** The same, for what a page asks by itself to stay connected: nobody need be sitting before it. */
  recognise(token: string): Promise<Session | null>
  end(sessionId: string): Promise<void>
  /** Marks sessions as active now: people who edit over a socket make no HTTP requests. */
  touch(sessionIds: readonly string[]): Promise<void>
  /** Which of these sessions are over: ended, expired, idle for too long, or of a person who was disabled. */
  overAmong(sessionIds: readonly string[]): Promise<readonly string[]>
  /** Removes the rows of sessions that are over. */
  sweep(): Promise<void>
}

export function databaseSessions(database: Database, clock: Clock, idleLimitMs: number): Sessions {
  const alive = (now: Date | Placeholder, idleSince: Date | Placeholder) =>
    and(eq(person.active, true), gt(session.expiresAt, now), gt(session.lastSeenAt, idleSince))

  // Asked at every request: put together and planned once.
  const finding = database
    .select({ personId: session.personId, expiresAt: session.expiresAt, lastSeenAt: session.lastSeenAt })
    .from(session)
    .innerJoin(person, eq(person.id, session.personId))
    .where(and(eq(session.id, sql.placeholder('id')), alive(sql.placeholder('now'), sql.placeholder('idleSince'))))
    .prepare('find_session')

  async function lookUp(token: string): Promise<{ session: Session; lastSeenAt: number } | null> {
    const id = sessionIdOf(token)
    if (id === null) return null
    const now = clock.now()
    const idleSince = new Date(now - idleLimitMs).toISOString()
    const [row] = await finding.execute({ id, now: new Date(now).toISOString(), idleSince })
    if (row === undefined) return null
    const expiresAt = instant(row.expiresAt.getTime())
    return {
      session: { id, personId: trustedId<PersonId>(row.personId), expiresAt },
      lastSeenAt: row.lastSeenAt.getTime(),
    }
  }

  async function touch(sessionIds: readonly string[]): Promise<void> {
    if (sessionIds.length === 0) return
    const now = new Date(clock.now())
    await database
      .update(session)
      .set({ lastSeenAt: now })
      .where(and(inArray(session.id, [...sessionIds]), lt(session.lastSeenAt, now)))
  }

  return {
    async open(personId) {
      const now = clock.now()
      const token = newToken()
      const id = sessionIdOf(token)
      if (id === null) throw new Error('a fresh token has the shape of one')
      const expiresAt = instant(now + SESSION_LIFE_MS)
      await database.insert(session).values({
        id,
        personId,
        createdAt: new Date(now),
        lastSeenAt: new Date(now),
        expiresAt: new Date(expiresAt),
      })
      return { token, session: { id, personId, expiresAt } }
    },

    async find(token) {
      const found = await lookUp(token)
      if (found === null) return null
      if (clock.now() - found.lastSeenAt > TOUCH_AFTER_MS) await touch([found.session.id])
      return found.session
    },

    async recognise(token) {
      return (await lookUp(token))?.session ?? null
    },

    async end(sessionId) {
      await database.delete(session).where(eq(session.id, sessionId))
    },

    touch,

    async overAmong(sessionIds) {
      if (sessionIds.length === 0) return []
      const now = clock.now()
      const rows = await database
        .select({ id: session.id })
        .from(session)
        .innerJoin(person, eq(person.id, session.personId))
        .where(and(inArray(session.id, [...sessionIds]), alive(new Date(now), new Date(now - idleLimitMs))))
      const living = new Set(rows.map((row) => row.id))
      return sessionIds.filter((id) => !living.has(id))
    },

    async sweep() {
      const now = clock.now()
      await database
        .delete(session)
        .where(or(lt(session.expiresAt, new Date(now)), lt(session.lastSeenAt, new Date(now - idleLimitMs))))
    },
  }
}
