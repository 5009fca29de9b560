import type { DocumentName } from '@dongbo/model/documentName.ts'
import { seq, type Seq } from '@dongbo/sync/ports/updateLog.ts'
import { asc, eq } from 'drizzle-orm'
import { checkSum, sha256 } from './checksums.ts'
import type { Database, Transaction } from './database.ts'
import { documentHistory, documentSnapshot, documentUpdate } from './schema.ts'

export interface InspectedEntry {
  /** The first of the entries that this one stands for; left out when it is one by itself. */
  readonly from?: Seq
  readonly seq: Seq
  readonly update: Uint8Array
  /** Whether the bytes are those that were written. */
  readonly isSound: boolean
}

/** Everything that is kept about a document, damaged parts included: for `doctor`, not for rooms. */
export interface InspectedDocument {
  /** The compact beginning of the log, then the entries as they were written. */
  readonly entries: readonly InspectedEntry[]
  readonly snapshots: readonly { readonly upTo: Seq; readonly update: Uint8Array; readonly isSound: boolean }[]
}

export async function inspectDocument(
  database: Database | Transaction,
  name: DocumentName,
): Promise<InspectedDocument> {
  const compact = await database
    .select()
    .from(documentHistory)
    .where(eq(documentHistory.document, name))
    .orderBy(asc(documentHistory.fromSeq))
  const entries = await database
    .select({ seq: documentUpdate.seq, data: documentUpdate.data, crc32: documentUpdate.crc32 })
    .from(documentUpdate)
    .where(eq(documentUpdate.document, name))
    .orderBy(asc(documentUpdate.seq))
  const snapshots = await database
    .select({ upTo: documentSnapshot.upTo, data: documentSnapshot.data, sha256: documentSnapshot.sha256 })
    .from(documentSnapshot)
    .where(eq(documentSnapshot.document, name))
    .orderBy(asc(documentSnapshot.upTo))
  const inspected = (at: number, row: { readonly data: Uint8Array; readonly crc32: number }) => ({
    seq: seq(at),
    update: row.data,
    isSound: checkSum(row.data) === row.crc32,
  })
  return {
    entries: [
      ...compact.map((row) => ({ from: seq(row.fromSeq), ...inspected(row.toSeq, row) })),
      ...entries.map((row) => inspected(row.seq, row)),
    ],
    snapshots: snapshots.map((row) => ({
      upTo: seq(row.upTo),
      update: row.data,
      isSound: sha256(row.data) === row.sha256,
    })),
  }
}
