import { CLIENT_ID_KEPT_MS, type ClientIds } from '@dongbo/sync/ports/clientIds.ts'
import { and, desc, eq, lte, or, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { documentClient } from './schema.ts'

const NOW = sql`clock_timestamp()`
/** Who holds an id anew more often is not written down each time: an opening then costs one question and no write. */
const HELD_AGAIN_MS = 3_600_000

/** Which client ids are free, in the table that says whose they are. */
export function databaseClientIds(database: Database): ClientIds {
  const table = documentClient
  const isOld = lte(table.heldAt, sql`${NOW} - ${CLIENT_ID_KEPT_MS} * interval '1 millisecond'`)
  const isDue = or(table.free, lte(table.heldAt, sql`${NOW} - ${HELD_AGAIN_MS} * interval '1 millisecond'`))
  return {
    async take(document, person) {
      const free = database
        .select({ clientId: table.clientId })
        .from(table)
        .where(and(eq(table.document, document), eq(table.personId, person), or(table.free, isOld)))
        .orderBy(desc(table.free), table.heldAt, table.clientId)
        .limit(1)
        // What another node is just taking is not waited for: it will not be free.
        .for('update', { skipLocked: true })
      const [taken] = await database
        .update(table)
        .set({ free: false, heldAt: NOW, passedOn: sql`${table.passedOn} or not ${table.free}` })
        .where(and(eq(table.document, document), eq(table.clientId, sql`(${free})`)))
        .returning({ clientId: table.clientId })
      return taken?.clientId ?? null
    },

    async hold(document, person, clientId) {
      const one = and(eq(table.document, document), eq(table.clientId, clientId))
      const [known] = await database
        .select({ personId: table.personId, passedOn: table.passedOn, isDue: sql<boolean>`${isDue}` })
        .from(table)
        .where(one)
      if (known === undefined) return 'its-own'
      if (known.personId !== person) return 'not-its-own'
      if (!known.isDue) return known.passedOn ? 'passed-on' : 'its-own'
      // Asked again while it is written: another tab may have been given it meanwhile.
      const [held] = await database
        .update(table)
        .set({ free: false, heldAt: NOW })
        .where(and(one, isDue))
        .returning({ passedOn: table.passedOn })
      if (held === undefined) return 'not-its-own'
      return held.passedOn ? 'passed-on' : 'its-own'
    },

    async free(document, person, clientId) {
      await database
        .update(table)
        .set({ free: true })
        .where(and(eq(table.document, document), eq(table.clientId, clientId), eq(table.personId, person)))
    },
  }
}
