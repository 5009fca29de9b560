import { parseDocumentName, type DocumentName } from '@dongbo/model/documentName.ts'
import { fencingToken, LEASE_MS, type Lease, type Leases, type NodeId } from '@dongbo/sync/ports/leases.ts'
import { and, eq, inArray, sql, type SQL } from 'drizzle-orm'
import type { Database } from './database.ts'
import { documentLease } from './schema.ts'

/** Not `now()`, which stands still from the transaction's start on: who has waited for the row must see the time pass. */
const NOW = sql`clock_timestamp()`
const END = sql`${NOW} + ${LEASE_MS} * interval '1 millisecond'`

/** The leases of one server process, by the clock of the database. */
export function databaseLeases(database: Database, node: NodeId): Leases {
  const table = documentLease
  const isOurs = sql`${table.holder} = ${node}`

  /** Takes the document when `may` holds for whatever lease there is; null when it does not. */
  async function take(document: DocumentName, may: SQL | undefined): Promise<Lease | null> {
    const [row] = await database
      .insert(table)
      .values({ document, holder: node, token: 1, endsAt: END })
      .onConflictDoUpdate({
        target: table.document,
        set: {
          holder: node,
          // `is true`, because a lease that was given up has no holder to compare with.
          token: sql`case when ${isOurs} is true then ${table.token} else ${table.token} + 1 end`,
          endsAt: END,
        },
        ...(may === undefined ? {} : { setWhere: may }),
      })
      .returning({ token: table.token })
    return row === undefined ? null : { holder: node, token: fencingToken(row.token) }
  }

  return {
    node,

    async claim(document) {
      for (;;) {
        const taken = await take(document, sql`${isOurs} or ${table.holder} is null or ${table.endsAt} <= ${NOW}`)
        if (taken !== null) return taken
        const [held] = await database
          .select({ holder: table.holder, token: table.token })
          .from(table)
          .where(eq(table.document, document))
        // Given up between the two questions: it can be taken now.
        if (held === undefined || held.holder === null) continue
        return { holder: nodeId(held.holder), token: fencingToken(held.token) }
      }
    },

    async seize(document) {
      const taken = await take(document, undefined)
      if (taken === null) throw new Error('an insert without a condition always takes')
      return taken
    },

    async renew() {
      // In the order of names, as `append` locks them: otherwise the two could wait for each other.
      const ours = database
        .select({ document: table.document })
        .from(table)
        .where(eq(table.holder, node))
        .orderBy(table.document)
        .for('no key update')
      const rows = await database
        .update(table)
        .set({ endsAt: END })
        .where(inArray(table.document, ours))
        .returning({ document: table.document })
      return new Set(rows.map((row) => documentName(row.document)))
    },

    async release(document) {
      await database
        .update(table)
        .set({ holder: null, endsAt: NOW })
        .where(and(eq(table.document, document), eq(table.holder, node)))
    },
  }
}

/** The one place where a stored holder becomes a node's name again. */
function nodeId(text: string): NodeId {
  return text as NodeId
}

function documentName(text: string): DocumentName {
  const name = parseDocumentName(text)
  if (!name.ok) throw new Error(`a lease names no document: ${JSON.stringify(text)}`)
  return name.value
}
