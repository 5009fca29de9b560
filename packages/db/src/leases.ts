import { parseDocumentName, type DocumentName } from '@dongbo/model/documentName.ts'
import { fencingToken, LEASE_MS, type Lease, type Leases, type NodeId } from '@dongbo/sync/ports/leases.ts'
import { and, eq, inArray, isNotNull, sql, type SQL } from 'drizzle-orm'
import { DamagedLog } from './damagedLog.ts'
import type { Database } from './database.ts'
import { document as documents, documentLease } from './schema.ts'

/** Not `now()`, which stands still from the transaction's start on: who has waited for the row must see the time pass. */
const NOW = sql`clock_timestamp()`
const END = sql`${NOW} + ${LEASE_MS} * interval '1 millisecond'`

/** The leases of one server process, by the clock of the database. */
export function databaseLeases(database: Database, node: NodeId): Leases {
  const table = documentLease
  const isOurs = sql`${table.holder} = ${node}`

  /** Takes the document when `may` holds for whatever lease there is; null when it does not, or it is in quarantine. */
  async function take(document: DocumentName, may: SQL): Promise<Lease | null> {
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
        // Putting a document aside leaves a row here, so that this is asked in any case.
        setWhere: sql`(${may}) and not exists (${quarantined(document)})`,
      })
      .returning({ token: table.token })
    return row === undefined ? null : { holder: node, token: fencingToken(row.token) }
  }

  const quarantined = (name: DocumentName) =>
    database
      .select({ name: documents.name })
      .from(documents)
      .where(and(eq(documents.name, name), isNotNull(documents.quarantinedAt)))

  async function failWhenQuarantined(name: DocumentName): Promise<void> {
    if ((await quarantined(name)).length > 0) throw new DamagedLog(`${name} is in quarantine`)
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
        if (held !== undefined && held.holder !== null)
          return { holder: nodeId(held.holder), token: fencingToken(held.token) }
        // Given up between the two questions: then it can be taken now.
        await failWhenQuarantined(document)
      }
    },

    async seize(document) {
      const taken = await take(document, sql`true`)
      if (taken !== null) return taken
      throw new DamagedLog(`${document} is in quarantine`)
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
