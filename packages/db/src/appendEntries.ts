import type { PGlite } from '@electric-sql/pglite'
import type { LogBatch } from '@dongbo/sync/ports/updateLog.ts'
import type { Sql } from 'postgres'
import { checkSum } from './checksums.ts'
import type { Database } from './database.ts'

/**
 * The whole append in one statement that is always the same text: the server prepares it once, and a statement by itself
 * is a transaction, without two more round trips to begin and to end it. Entries come as JSON and one blob of bytes,
 * because that is what both drivers hand over in the same way. Built through the query builder the same work took a third
 * of a busy server's time (docs/benchmarks.md).
 *
 * The leases are locked, in the order of their names as `renew` does, until the entries are in: who takes a document over
 * waits for it, and who lost it finds fewer leases than it named, and writes nothing. Neither does who would leave a hole:
 * a store that has lost its newest entries, as a replica that lagged when it took over, must not be written on from memory.
 * That is asked as a value and not by `exists`, which the planner answers by reading the whole table.
 */
const APPEND = `
with fence as (
  select document, token from jsonb_to_recordset($3::text::jsonb) as fence(document text, token bigint)
), held as (
  select lease.document
  from document_lease lease join fence on lease.document = fence.document and lease.token = fence.token
  where lease.holder is not null
  order by lease.document
  for share of lease
), entry as (
  select * from jsonb_to_recordset($1::text::jsonb)
    as entry(document text, seq bigint, start int, bytes int, crc32 bigint, person text, body text, at bigint)
  where (select count(*) from held) = (select count(*) from fence)
), first as (
  select document, min(seq) as seq from entry group by document
), hole as (
  select from first
  where seq > 1 and (
    select earlier.seq from document_update earlier
    where earlier.document = first.document and earlier.seq = first.seq - 1
  ) is null
), written as (
  insert into document_update (document, seq, data, crc32, person_id, body_id, at)
  select document, seq, substring($2::bytea from start + 1 for bytes), crc32, person, body,
         timestamptz 'epoch' + at * interval '1 millisecond'
  from entry
  where not exists (select from hole)
  returning 1
)
select count(*)::int as written from written`

/**
 * Writes entries under their fences, all or none.
 * @returns whether they are written; false when a fence is no longer the document's, or an entry would leave a hole.
 *   Rejects as the database does.
 */
export async function appendEntries(database: Database, batch: LogBatch): Promise<boolean> {
  let start = 0
  const entries = batch.entries.map(({ document, seq, update, personId, bodyId, at }) => {
    const bytes = update.length
    const row = { document, seq, start, bytes, crc32: checkSum(update), person: personId, body: bodyId, at }
    start += bytes
    return row
  })
  const blob = Buffer.concat(batch.entries.map((entry) => entry.update))
  const fences = [...(batch.fences ?? [])].map(([document, token]) => ({ document, token }))
  const rows = await run(database.$client, [JSON.stringify(entries), blob, JSON.stringify(fences)])
  return rows[0]?.written === entries.length
}

interface Written {
  readonly written: number
}

async function run(client: PGlite | Sql, values: [string, Buffer, string]): Promise<readonly Written[]> {
  if ('unsafe' in client) return await client.unsafe<Written[]>(APPEND, values, { prepare: true })
  return (await client.query<Written>(APPEND, values)).rows
}
