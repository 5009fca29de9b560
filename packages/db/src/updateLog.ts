import type { DocumentName } from '@dongbo/model/documentName.ts'
import { parseDocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import {
  Fenced,
  seq,
  SequenceConflict,
  type LogBatch,
  type LogEntry,
  type Seq,
  type StoredDocument,
  type StoredEntry,
  type UpdateLog,
} from '@dongbo/sync/ports/updateLog.ts'
import { and, asc, desc, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import { appendEntries } from './appendEntries.ts'
import { checkSum, sha256 } from './checksums.ts'
import { DamagedLog } from './damagedLog.ts'
import type { Database, Transaction } from './database.ts'
import { compactEntries } from './history.ts'
import { document, documentClient, documentLease, documentSnapshot, documentUpdate } from './schema.ts'
import { errorCode, UNIQUE_VIOLATION } from './sqlState.ts'

/** Rows of one INSERT: seven values each, and PostgreSQL takes at most 65,535 values. */
const ROWS_PER_INSERT = 1_000
/** The newest is read; the one before it is there in case the newest turns out damaged. */
const SNAPSHOTS_KEPT = 2
const WRITTEN_OR_GONE = 'a document is written by another node, or the store has lost what was written here before'

/** The log in the database. */
export function databaseUpdateLog(database: Database): UpdateLog {
  return {
    async load(name) {
      const [head] = await database
        .select({ quarantinedAt: document.quarantinedAt })
        .from(document)
        .where(eq(document.name, name))
      if (head !== undefined && head.quarantinedAt !== null) throw new DamagedLog(`${name} is in quarantine`)
      return await database.transaction((tx) => loadEvenDamaged(tx, name), { isolationLevel: 'repeatable read' })
    },

    async create(entry, generation) {
      if (entry.seq !== 1) throw new Error('a document is created by its entry 1')
      return await database.transaction(async (tx) => {
        const created = await tx
          .insert(document)
          .values({ name: entry.document, generation, createdAt: new Date(entry.at) })
          .onConflictDoNothing()
          .returning({ name: document.name })
        if (created.length === 0) return false
        await tx.insert(documentUpdate).values(rowOf(entry))
        return true
      })
    },

    async append(batch) {
      if (batch.entries.length === 0 && batch.newOwners.length === 0) return
      try {
        // New client ids are rare, and one of somebody else takes everything back.
        if (batch.newOwners.length > 0) await database.transaction((tx) => append(tx, batch))
        else if (!(await appendEntries(database, batch))) throw new Fenced(WRITTEN_OR_GONE)
      } catch (error) {
        if (error instanceof SequenceConflict || error instanceof Fenced) throw error
        if (errorCode(error) === UNIQUE_VIOLATION) {
          throw new SequenceConflict('another process has written at the same position', { cause: error })
        }
        throw error
      }
    },

    async entriesAfter(name, after) {
      return await entriesBehind(database, name, after)
    },

    async heads(names) {
      if (names.length === 0) return new Map()
      // The end of the index for each, however long the logs are: a maximum over a group would read all of it.
      const newest = database
        .select({ seq: documentUpdate.seq })
        .from(documentUpdate)
        .where(eq(documentUpdate.document, document.name))
        .orderBy(desc(documentUpdate.seq))
        .limit(1)
      const rows = await database
        .select({ name: document.name, head: sql<string | number | null>`(${newest})` })
        .from(document)
        .where(and(inArray(document.name, [...names]), isNull(document.quarantinedAt)))
      const heads = new Map(rows.map((row) => [row.name, row.head]))
      return new Map(
        names.flatMap((name) => {
          const head = heads.get(name)
          return head === undefined || head === null ? [] : [[name, seq(Number(head))] as const]
        }),
      )
    },

    async saveSnapshot(name, upTo, update) {
      await database.transaction(async (tx) => {
        await tx
          .insert(documentSnapshot)
          .values({ document: name, upTo, data: update, sha256: sha256(update) })
          .onConflictDoNothing()
        const kept = await tx
          .select({ upTo: documentSnapshot.upTo })
          .from(documentSnapshot)
          .where(eq(documentSnapshot.document, name))
          .orderBy(desc(documentSnapshot.upTo))
          .limit(SNAPSHOTS_KEPT)
        const oldest = kept.at(-1)
        if (oldest === undefined) return
        await tx
          .delete(documentSnapshot)
          .where(and(eq(documentSnapshot.document, name), lt(documentSnapshot.upTo, oldest.upTo)))
      })
    },

    async list() {
      const rows = await database.select({ name: document.name }).from(document).orderBy(asc(document.name))
      return rows.map((row) => {
        const name = parseDocumentName(row.name)
        if (!name.ok) throw new DamagedLog(`a stored document has a malformed name: ${JSON.stringify(row.name)}`)
        return name.value
      })
    },
  }
}

/** Loads a document whether or not it is in quarantine: for whoever looks into what is wrong with it. */
export async function loadEvenDamaged(tx: Transaction, name: DocumentName): Promise<StoredDocument | null> {
  const [head] = await tx.select({ generation: document.generation }).from(document).where(eq(document.name, name))
  if (head === undefined) return null
  const snapshot = await newestSoundSnapshot(tx, name)
  const tail = snapshot === null ? await wholeLog(tx, name) : await entriesBehind(tx, name, snapshot.upTo)
  // A document is created together with its entry 1: neither snapshot nor entries means that they were lost.
  if (snapshot === null && tail.length === 0) throw new DamagedLog(`${name}: the log is empty`)
  const owners = await tx
    .select({ clientId: documentClient.clientId, personId: documentClient.personId })
    .from(documentClient)
    .where(eq(documentClient.document, name))
  return {
    generation: head.generation,
    snapshot,
    tail,
    owners: owners.map((owner) => ({ clientId: owner.clientId, personId: trustedId<PersonId>(owner.personId) })),
  }
}

/** From the first entry on; its beginning may be merged. */
async function wholeLog(tx: Transaction, name: DocumentName): Promise<StoredEntry[]> {
  const compact = await compactEntries(tx, name)
  const behind = await entriesBehind(tx, name, compact.at(-1)?.to ?? seq(0))
  return [...compact.map(({ from, to, update }) => ({ from, seq: to, update })), ...behind]
}

/** Reads and checks the entries behind a position. */
async function entriesBehind(from: Database | Transaction, name: DocumentName, after: Seq): Promise<StoredEntry[]> {
  const rows = await from
    .select({ seq: documentUpdate.seq, data: documentUpdate.data, crc32: documentUpdate.crc32 })
    .from(documentUpdate)
    .where(and(eq(documentUpdate.document, name), gt(documentUpdate.seq, after)))
    .orderBy(asc(documentUpdate.seq))
  let expected: number = after
  return rows.map((row) => {
    expected += 1
    if (row.seq !== expected) throw new DamagedLog(`${name}: entry ${expected} is missing from the log`)
    if (checkSum(row.data) !== row.crc32) throw new DamagedLog(`${name}: entry ${row.seq} does not match its checksum`)
    return { seq: seq(row.seq), update: row.data }
  })
}

/** Falls back to the one before, and at last to the whole log: what is before a snapshot may be merged, but never goes. */
async function newestSoundSnapshot(
  tx: Transaction,
  name: DocumentName,
): Promise<{ upTo: Seq; update: Uint8Array } | null> {
  const rows = await tx
    .select({ upTo: documentSnapshot.upTo, data: documentSnapshot.data, sha256: documentSnapshot.sha256 })
    .from(documentSnapshot)
    .where(eq(documentSnapshot.document, name))
    .orderBy(desc(documentSnapshot.upTo))
  const sound = rows.find((row) => sha256(row.data) === row.sha256)
  return sound === undefined ? null : { upTo: seq(sound.upTo), update: sound.data }
}

async function append(tx: Transaction, batch: LogBatch): Promise<void> {
  // Sent together with what is written, so that the check costs no way to the database of its own.
  const [checked, continued, written] = await Promise.allSettled([
    checkFences(tx, batch.fences),
    checkContinuity(tx, batch.entries),
    write(tx, batch),
  ])
  for (const outcome of [checked, continued, written]) if (outcome.status === 'rejected') throw outcome.reason
}

/** See `appendEntries`: nobody writes on behind entries that the store does not have. */
async function checkContinuity(tx: Transaction, entries: LogBatch['entries']): Promise<void> {
  const firsts = new Map<DocumentName, number>()
  for (const { document: name, seq: at } of entries) firsts.set(name, Math.min(at, firsts.get(name) ?? at))
  const before = [...firsts].filter(([, first]) => first > 1)
  if (before.length === 0) return
  const found = await tx
    .select({ document: documentUpdate.document })
    .from(documentUpdate)
    .where(
      or(...before.map(([name, first]) => and(eq(documentUpdate.document, name), eq(documentUpdate.seq, first - 1)))),
    )
  if (found.length < before.length) throw new Fenced('the store has lost what was written here before')
}

/** The lock keeps the document with its holder until the commit. */
async function checkFences(tx: Transaction, fences: LogBatch['fences']): Promise<void> {
  if (fences === undefined || fences.size === 0) return
  const rows = await tx
    .select({ document: documentLease.document, token: documentLease.token, holder: documentLease.holder })
    .from(documentLease)
    .where(inArray(documentLease.document, [...fences.keys()]))
    .orderBy(documentLease.document)
    .for('share')
  const current = new Map(rows.map((row) => [row.document, row]))
  for (const [name, token] of fences) {
    const lease = current.get(name)
    if (lease === undefined || lease.holder === null || lease.token !== token) {
      throw new Fenced(`${name} is written by another node`)
    }
  }
}

async function write(tx: Transaction, batch: LogBatch): Promise<void> {
  for (let from = 0; from < batch.entries.length; from += ROWS_PER_INSERT) {
    await tx.insert(documentUpdate).values(batch.entries.slice(from, from + ROWS_PER_INSERT).map(rowOf))
  }
  for (let from = 0; from < batch.newOwners.length; from += ROWS_PER_INSERT) {
    await bindOwners(tx, batch.newOwners.slice(from, from + ROWS_PER_INSERT))
  }
}

/** The same binding twice is no conflict: two tabs of one person may come by two nodes. Another person's id is one. */
async function bindOwners(tx: Transaction, owners: LogBatch['newOwners']): Promise<void> {
  const bound = await tx
    .insert(documentClient)
    .values(owners.map(({ document: name, clientId, personId }) => ({ document: name, clientId, personId })))
    .onConflictDoNothing()
    .returning({ clientId: documentClient.clientId })
  if (bound.length === owners.length) return
  const stored = await tx
    .select()
    .from(documentClient)
    .where(
      and(
        inArray(
          documentClient.document,
          owners.map((owner) => owner.document),
        ),
        inArray(
          documentClient.clientId,
          owners.map((owner) => owner.clientId),
        ),
      ),
    )
  for (const owner of owners) {
    const holder = stored.find((row) => row.document === owner.document && row.clientId === owner.clientId)
    if (holder?.personId !== owner.personId) {
      throw new SequenceConflict(`client id ${owner.clientId} of ${owner.document} belongs to somebody else`)
    }
  }
}

function rowOf(entry: LogEntry): typeof documentUpdate.$inferInsert {
  return {
    document: entry.document,
    seq: entry.seq,
    data: entry.update,
    crc32: checkSum(entry.update),
    personId: entry.personId,
    bodyId: entry.bodyId,
    at: new Date(entry.at),
  }
}
