import { instant } from '@dongbo/kernel/clock.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type BodyId, type PersonId } from '@dongbo/model/ids.ts'
import type { History, HistoryEntry } from '@dongbo/sync/ports/history.ts'
import { seq } from '@dongbo/sync/ports/updateLog.ts'
import { and, asc, desc, eq, gte, lte, max } from 'drizzle-orm'
import { checkSum, sha256 } from './checksums.ts'
import { DamagedLog } from './damagedLog.ts'
import type { Database, Transaction } from './database.ts'
import { document, documentHistory, documentSnapshot, documentUpdate } from './schema.ts'

/** Rows of one INSERT, far from the 65,535 values that PostgreSQL takes. */
const ROWS_PER_INSERT = 1_000

/** The history in the database: the log, and what became of its beginning. */
export function databaseHistory(database: Database): History {
  return {
    read: async (name) => await database.transaction((tx) => read(tx, name), { isolationLevel: 'repeatable read' }),
    async compact(name, merged) {
      await database.transaction(async (tx) => await compact(tx, name, merged))
    },
  }
}

async function read(tx: Transaction, name: DocumentName): ReturnType<History['read']> {
  const [head] = await tx.select({ name: document.name }).from(document).where(eq(document.name, name))
  if (head === undefined) return null
  const compact = await compactEntries(tx, name)
  const compactTo = compact.at(-1)?.to ?? 0
  const rows = await tx
    .select()
    .from(documentUpdate)
    .where(eq(documentUpdate.document, name))
    .orderBy(asc(documentUpdate.seq))
  let expected: number = compactTo
  const entries = rows.map((row): HistoryEntry => {
    expected += 1
    if (row.seq !== expected) throw new DamagedLog(`${name}: entry ${expected} is missing from the log`)
    if (checkSum(row.data) !== row.crc32) throw new DamagedLog(`${name}: entry ${row.seq} does not match its checksum`)
    const at = instant(row.at.getTime())
    return { from: seq(row.seq), to: seq(row.seq), update: row.data, ...authorOf(row), fromAt: at, toAt: at }
  })
  const snapshots = await tx
    .select()
    .from(documentSnapshot)
    .where(eq(documentSnapshot.document, name))
    .orderBy(desc(documentSnapshot.upTo))
  return {
    compact,
    entries,
    snapshots: snapshots
      .filter((row) => sha256(row.data) === row.sha256)
      .map((row) => ({ upTo: seq(row.upTo), update: row.data })),
  }
}

/** The merged beginning of a log, checked: throws `DamagedLog` when something of it is missing or not what was written. */
export async function compactEntries(from: Database | Transaction, name: DocumentName): Promise<HistoryEntry[]> {
  const rows = await from
    .select()
    .from(documentHistory)
    .where(eq(documentHistory.document, name))
    .orderBy(asc(documentHistory.fromSeq))
  let expected = 1
  return rows.map((row): HistoryEntry => {
    if (row.fromSeq !== expected) throw new DamagedLog(`${name}: entry ${expected} is missing from the compact log`)
    expected = row.toSeq + 1
    if (checkSum(row.data) !== row.crc32) {
      throw new DamagedLog(`${name}: the compact entry ${row.fromSeq} does not match its checksum`)
    }
    return {
      from: seq(row.fromSeq),
      to: seq(row.toSeq),
      update: row.data,
      ...authorOf(row),
      fromAt: instant(row.fromAt.getTime()),
      toAt: instant(row.toAt.getTime()),
    }
  })
}

async function compact(tx: Transaction, name: DocumentName, merged: readonly HistoryEntry[]): Promise<void> {
  const [first] = merged
  const last = merged.at(-1)
  if (first === undefined || last === undefined) return
  const [before] = await tx
    .select({ to: max(documentHistory.toSeq) })
    .from(documentHistory)
    .where(eq(documentHistory.document, name))
  let expected = (before?.to ?? 0) + 1
  for (const { from, to } of merged) {
    if (from !== expected) throw new Error(`${name}: merged entries begin at ${from} where ${expected} comes next`)
    expected = to + 1
  }
  // Locked, so that what a load would fall back to cannot go away meanwhile.
  const behind = await tx
    .select({ upTo: documentSnapshot.upTo })
    .from(documentSnapshot)
    .where(and(eq(documentSnapshot.document, name), gte(documentSnapshot.upTo, last.to)))
    .for('share')
  if (behind.length < 2) throw new Error(`${name}: two snapshots must stand behind what is compacted`)
  for (let at = 0; at < merged.length; at += ROWS_PER_INSERT) {
    await tx.insert(documentHistory).values(
      merged.slice(at, at + ROWS_PER_INSERT).map((entry) => ({
        document: name,
        fromSeq: entry.from,
        toSeq: entry.to,
        data: entry.update,
        crc32: checkSum(entry.update),
        personId: entry.personId,
        bodyId: entry.bodyId,
        fromAt: new Date(entry.fromAt),
        toAt: new Date(entry.toAt),
      })),
    )
  }
  const cut = await tx
    .delete(documentUpdate)
    .where(
      and(eq(documentUpdate.document, name), gte(documentUpdate.seq, first.from), lte(documentUpdate.seq, last.to)),
    )
    .returning({ seq: documentUpdate.seq })
  const replaced = last.to - first.from + 1
  if (cut.length !== replaced)
    throw new Error(`${name}: ${cut.length} entries were there to be replaced, not ${replaced}`)
}

function authorOf(row: {
  readonly personId: string | null
  readonly bodyId: string | null
}): Pick<HistoryEntry, 'personId' | 'bodyId'> {
  return {
    personId: row.personId === null ? null : trustedId<PersonId>(row.personId),
    bodyId: row.bodyId === null ? null : trustedId<BodyId>(row.bodyId),
  }
}
