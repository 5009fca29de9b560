import type { ClientIds } from '@dongbo/sync/ports/clientIds.ts'
import { and, eq, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { documentClient } from './schema.ts'

/** Which client ids are free, in the table that says whose they are. */
export function databaseClientIds(database: Database): ClientIds {
  const table = documentClient
  return {
    async take(document, person) {
      const free = database
        .select({ clientId: table.clientId })
        .from(table)
        .where(and(eq(table.document, document), eq(table.personId, person), eq(table.free, true)))
        .orderBy(table.clientId)
        .limit(1)
        // What another node is just taking is not waited for: it will not be free.
        .for('update', { skipLocked: true })
      const [taken] = await database
        .update(table)
        .set({ free: false })
        .where(and(eq(table.document, document), eq(table.clientId, sql`(${free})`)))
        .returning({ clientId: table.clientId })
      return taken?.clientId ?? null
    },

    async hold(document, person, clientId) {
      const one = and(eq(table.document, document), eq(table.clientId, clientId))
      const [owner] = await database.select({ personId: table.personId, free: table.free }).from(table).where(one)
      if (owner === undefined) return true
      if (owner.personId !== person) return false
      if (owner.free) await database.update(table).set({ free: false }).where(one)
      return true
    },

    async free(document, person, clientId) {
      await database
        .update(table)
        .set({ free: true })
        .where(and(eq(table.document, document), eq(table.clientId, clientId), eq(table.personId, person)))
    },
  }
}
