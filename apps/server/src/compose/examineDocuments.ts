import { DamagedLog } from '@dongbo/db/damagedLog.ts'
import type { Database } from '@dongbo/db/database.ts'
import { inspectDocument, type InspectedDocument } from '@dongbo/db/inspectDocument.ts'
import { quarantined, type Quarantine } from '@dongbo/db/quarantine.ts'
import { databaseUpdateLog, loadEvenDamaged } from '@dongbo/db/updateLog.ts'
import { kindOf, type DocumentName } from '@dongbo/model/documentName.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { openMatrix } from '@dongbo/model/matrix/shape.ts'
import { DurableContent } from '@dongbo/sync/room/durableContent.ts'
import { checkedSnapshot, replay, type Replayed } from '@dongbo/sync/room/replay.ts'

export interface Diagnosis {
  readonly document: DocumentName
  readonly entries: number
  readonly snapshots: number
  /** One sentence each; empty when the document is sound. */
  readonly findings: readonly string[]
  /** It cannot be opened, or what is shown or written from it may be wrong: it should be put aside. */
  readonly isDamaged: boolean
  /** Since when and why it is put aside, or null. */
  readonly quarantine: Quarantine | null
}

/** Reads documents, all unless told which, as a room would and as history would, and compares. Changes nothing. */
export async function examineDocuments(
  database: Database,
  only: DocumentName | null = null,
): Promise<readonly Diagnosis[]> {
  const all = await databaseUpdateLog(database).list()
  const names = only === null ? all : all.filter((name) => name === only)
  const aside = await quarantined(database)
  const diagnoses: Diagnosis[] = []
  for (const name of names) diagnoses.push(await examine(database, name, aside.get(name) ?? null))
  return diagnoses
}

async function examine(database: Database, name: DocumentName, quarantine: Quarantine | null): Promise<Diagnosis> {
  const unloadable: string[] = []
  // As of one moment: what people write meanwhile is no difference between the log and a snapshot.
  const { kept, stored } = await database.transaction(
    async (tx) => ({
      kept: await inspectDocument(tx, name),
      stored: await attemptAsync(async () => await loadEvenDamaged(tx, name), 'the document', unloadable),
    }),
    { isolationLevel: 'repeatable read' },
  )
  const findings = [...damage(kept)]
  // Bytes that are not what was written say nothing about what a snapshot should show.
  const isWhole = kept.entries.every(({ isSound }) => isSound)
  const asHistory = isWhole
    ? attempt(() => replay({ ...NOTHING, tail: kept.entries }), 'the whole log', findings)
    : null
  findings.push(...unloadable)
  const asRoom = stored === null ? null : attempt(() => replay(stored), 'snapshot and log', findings)
  // A room opens it as bytes, before it builds the live document in which it judges.
  const asBytes: string[] = []
  const opens =
    stored !== null && attempt(() => DurableContent.read(stored), 'the document, as bytes,', asBytes) !== null
  if (asRoom !== null) findings.push(...asBytes)
  const differs = asHistory !== null && asRoom !== null && contentOf(asHistory) !== contentOf(asRoom)
  if (differs) findings.push('the snapshot does not show what the log says')
  // A document can be shown for the last time: some bytes load into memory and never again out of it.
  const isLast = asRoom !== null && !loadsAgain(asRoom)
  if (isLast) findings.push('the state, written out, does not load again')
  if (asRoom !== null && kindOf(name) === 'matrix') findings.push(...matrixViolations(openMatrix(asRoom.doc)))
  return {
    document: name,
    entries: kept.entries.length,
    snapshots: kept.snapshots.length,
    findings,
    // A damaged entry behind sound snapshots, or a value that the model does not know, is no reason to stop people.
    isDamaged: !opens || asRoom === null || differs || isLast,
    quarantine,
  }
}

function loadsAgain({ doc }: Replayed): boolean {
  try {
    return checkedSnapshot(doc) !== null
  } catch {
    // Such a state may not even be written out.
    return false
  }
}

const NOTHING = { generation: '', snapshot: null, owners: [] }

function* damage(kept: InspectedDocument): Generator<string> {
  for (const entry of kept.entries)
    if (!entry.isSound) yield `entry ${entry.from ?? entry.seq} does not match its checksum`
  for (const { upTo, isSound } of kept.snapshots)
    if (!isSound) yield `the snapshot at ${upTo} does not match its checksum`
}

function contentOf({ doc }: Replayed): string {
  const { groups, tasks, roles, proposals } = openMatrix(doc)
  return JSON.stringify([groups, tasks, roles, proposals].map((root) => sorted(root.toJSON())))
}

/** Keys in order: a map that was loaded another way may list them otherwise. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

function attempt<T>(work: () => T, what: string, findings: string[]): T | null {
  try {
    return work()
  } catch (error) {
    findings.push(`${what} does not load: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}

/** A database that does not answer says nothing about the document: only damage that the store itself finds is a finding. */
async function attemptAsync<T>(work: () => Promise<T>, what: string, findings: string[]): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DamagedLog)) throw error
    findings.push(`${what} does not load: ${error.message}`)
    return null
  }
}
