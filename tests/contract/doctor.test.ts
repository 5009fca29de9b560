import { instant } from '@dongbo/kernel/clock.ts'
import type { Connection } from '@dongbo/db/connect.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { demoMatrix } from '@dongbo/demo/demoMatrix.ts'
import { matrixOf, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { seq } from '@dongbo/sync/ports/updateLog.ts'
import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { examineDocuments } from '@dongbo/server/compose/examineDocuments.ts'

let connection: Connection
let plans = 0

beforeAll(async () => {
  connection = await embeddedDatabase()
})
afterAll(async () => {
  await connection.close()
})

/** A matrix whose log holds these updates, and whose snapshot, if any, shows `snapshot`. */
async function stored(updates: readonly Uint8Array[], snapshot?: Uint8Array): Promise<DocumentName> {
  plans += 1
  const document = matrixOf(trustedId<PlanId>(`plan-${plans}`))
  const log = databaseUpdateLog(connection.database)
  const [first, ...rest] = updates.map((update, index) => ({
    document,
    seq: seq(index + 1),
    update,
    personId: null,
    bodyId: null,
    at: instant(0),
  }))
  if (first === undefined) throw new Error('a document has a first entry')
  await log.create(first, 'g')
  await log.append({ entries: rest, newOwners: [] })
  if (snapshot !== undefined) await log.saveSnapshot(document, seq(updates.length), snapshot)
  return document
}

async function findingsOf(document: DocumentName): Promise<readonly string[]> {
  const diagnosis = (await examineDocuments(connection.database)).find((one) => one.document === document)
  if (diagnosis === undefined) throw new Error(`${document} was not examined`)
  return diagnosis.findings
}

/** The updates that `edit` makes on top of the demo matrix. */
function edited(edit: (doc: Y.Doc) => void): { updates: readonly Uint8Array[]; whole: Uint8Array } {
  const doc = new Y.Doc()
  const updates = [demoMatrix()]
  Y.applyUpdate(doc, updates[0] ?? new Uint8Array())
  doc.on('update', (update: Uint8Array) => updates.push(update))
  edit(doc)
  return { updates, whole: Y.encodeStateAsUpdate(doc) }
}

test('a sound document has no findings, with a snapshot and without', async () => {
  const { updates, whole } = edited((doc) => doc.getMap('roles').set('NV-I-2:sdl', ['inform']))
  expect(await findingsOf(await stored(updates))).toEqual([])
  expect(await findingsOf(await stored(updates, whole))).toEqual([])
})

test('a snapshot that shows something else than the log is found', async () => {
  const { updates } = edited((doc) => doc.getMap('roles').set('NV-I-2:sdl', ['inform']))
  expect(await findingsOf(await stored(updates, demoMatrix()))).toEqual([
    'the snapshot does not show what the log says',
  ])
})

test('a value that the model does not know is found', async () => {
  const { updates } = edited((doc) => doc.getMap('roles').set('NV-I-2:sdl', ['emperor']))
  expect(await findingsOf(await stored(updates))).toEqual([expect.stringContaining('NV-I-2:sdl')])
})

test('an entry whose predecessor is missing is found', async () => {
  const { updates } = edited((doc) => {
    doc.getMap('roles').set('NV-I-2:sdl', ['inform'])
    doc.getMap('roles').set('NV-I-2:sct', ['inform'])
  })
  const findings = await findingsOf(await stored([updates[0] ?? new Uint8Array(), updates[2] ?? new Uint8Array()]))
  expect(findings).toHaveLength(2)
  for (const finding of findings) expect(finding).toContain('does not load: entry 2 refers to what is not there')
})

test('an entry that bricks a document is found', async () => {
  // A GC struct of no length: Yjs takes it once, and no load of what it then writes works.
  const brick = new Uint8Array([1, 1, 1, 0, 0, 0, 0])
  expect(await findingsOf(await stored([demoMatrix(), brick]))).toEqual(['the state, written out, does not load again'])
})
