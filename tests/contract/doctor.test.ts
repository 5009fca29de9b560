import { once } from 'node:events'
import { instant } from '@dongbo/kernel/clock.ts'
import type { Connection } from '@dongbo/db/connect.ts'
import { databaseHistory } from '@dongbo/db/history.ts'
import { databaseLeases } from '@dongbo/db/leases.ts'
import { endQuarantine, quarantine } from '@dongbo/db/quarantine.ts'
import { documentHistory, documentSnapshot, documentUpdate } from '@dongbo/db/schema.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { demoMatrix } from '@dongbo/demo/demoMatrix.ts'
import { matrixOf, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { CLOSE_CODES } from '@dongbo/protocol/closeCodes.ts'
import type { NodeId } from '@dongbo/sync/ports/leases.ts'
import { Fenced, seq } from '@dongbo/sync/ports/updateLog.ts'
import { compactHistory } from '@dongbo/sync/room/compactHistory.ts'
import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { DEMO_MATRIX } from '@dongbo/testkit/liveTab.ts'
import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { RawClient } from '../security/rawClient.ts'
import { demoServer } from './demoServer.ts'
import { examineDocuments, type Diagnosis } from '@dongbo/server/compose/examineDocuments.ts'

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

async function diagnosisOf(document: DocumentName): Promise<Diagnosis> {
  const diagnosis = (await examineDocuments(connection.database)).find((one) => one.document === document)
  if (diagnosis === undefined) throw new Error(`${document} was not examined`)
  return diagnosis
}

async function findingsOf(document: DocumentName): Promise<readonly string[]> {
  return (await diagnosisOf(document)).findings
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

test('a database that fails says nothing about a document: nobody is told that it is damaged', async () => {
  const own = await embeddedDatabase()
  try {
    const log = databaseUpdateLog(own.database)
    const first = { update: demoMatrix(), personId: null, bodyId: null, at: instant(0) }
    await log.create({ document: DEMO_MATRIX, seq: seq(1), ...first }, 'g')
    await own.database.execute(sql`alter table document_client rename to document_client_elsewhere`)
    await expect(examineDocuments(own.database)).rejects.toThrow('document_client')
    await own.database.execute(sql`alter table document_client_elsewhere rename to document_client`)
    expect(await examineDocuments(own.database)).toMatchObject([{ findings: [], isDamaged: false }])
  } finally {
    await own.close()
  }
})

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
  const { findings, isDamaged } = await diagnosisOf(await stored([demoMatrix(), brick]))
  expect(findings).toEqual([
    'the document, as bytes, does not load: entry 2 does not load',
    'the state, written out, does not load again',
  ])
  expect(isDamaged).toBe(true)
})

test('a flipped bit is found wherever it is; where a sound snapshot stands behind it, people go on', async () => {
  const { updates, whole } = edited((doc) => doc.getMap('roles').set('NV-I-2:sdl', ['inform']))
  const bridged = await stored(updates, whole)
  const open = await stored(updates)
  const lost = await stored(updates, whole)
  const flip = sql`set_bit(${documentUpdate.data}, 99, 1 - get_bit(${documentUpdate.data}, 99))`
  for (const document of [bridged, open]) {
    const second = and(eq(documentUpdate.document, document), eq(documentUpdate.seq, 1))
    await connection.database.update(documentUpdate).set({ data: flip }).where(second)
  }
  await connection.database
    .update(documentSnapshot)
    .set({ data: sql`set_bit(${documentSnapshot.data}, 99, 1 - get_bit(${documentSnapshot.data}, 99))` })
    .where(eq(documentSnapshot.document, lost))
  const byDocument = await Promise.all([bridged, open, lost].map(diagnosisOf))
  for (const { findings } of byDocument) expect(findings.join()).toContain('does not match its checksum')
  // Without its snapshot the third is read from the log, which is sound.
  expect(byDocument.map(({ isDamaged }) => isDamaged)).toEqual([false, true, false])
})

test('the compact beginning of a log is examined like the rest', async () => {
  const { updates, whole } = edited((doc) => {
    for (const body of ['sdl', 'sct', 'stc']) doc.getMap('roles').set(`NV-I-2:${body}`, ['inform'])
  })
  const document = await stored(updates, whole)
  const log = databaseUpdateLog(connection.database)
  const later = new Y.Doc()
  Y.applyUpdate(later, whole)
  const before = Y.encodeStateVector(later)
  later.getMap('roles').set('NV-I-3:sdl', ['inform'])
  const update = Y.encodeStateAsUpdate(later, before)
  const next = { document, seq: seq(updates.length + 1), update, personId: null, bodyId: null, at: instant(0) }
  await log.append({ entries: [next], newOwners: [] })
  await log.saveSnapshot(document, next.seq, Y.encodeStateAsUpdate(later))
  expect(await compactHistory(databaseHistory(connection.database), document)).toMatchObject({ as: 'compacted' })
  expect(await diagnosisOf(document)).toMatchObject({ findings: [], isDamaged: false, entries: 2 })
  await connection.database.delete(documentHistory).where(eq(documentHistory.document, document))
  expect((await findingsOf(document)).join()).toContain('is missing')
})

describe('a damaged document is put aside', () => {
  test('nobody opens it, whoever holds it writes no more, others are served, and once it is sound it comes back', async () => {
    const { updates } = edited((doc) => doc.getMap('roles').set('NV-I-2:sdl', ['inform']))
    const [damaged, sound] = [await stored(updates), await stored(updates)]
    const { database } = connection
    const log = databaseUpdateLog(database)
    const leases = databaseLeases(database, 'node' as NodeId)
    const { token } = await leases.claim(damaged)
    await quarantine(database, damaged, 'entry 2 does not match its checksum')
    await expect(log.load(damaged)).rejects.toThrow('in quarantine')
    // A room that is open on some node hears of it by this.
    expect(await log.heads([damaged])).toEqual(new Map())
    await expect(leases.claim(damaged)).rejects.toThrow('in quarantine')
    await expect(leases.seize(damaged)).rejects.toThrow('in quarantine')
    const entry = { document: damaged, seq: seq(3), update: Uint8Array.of(0, 0), personId: null, bodyId: null }
    const write = log.append({
      entries: [{ ...entry, at: instant(0) }],
      newOwners: [],
      fences: new Map([[damaged, token]]),
    })
    await expect(write).rejects.toBeInstanceOf(Fenced)
    expect((await log.load(sound))?.tail).toHaveLength(2)
    expect(await leases.renew()).toEqual(new Set())
    expect(await diagnosisOf(damaged)).toMatchObject({
      isDamaged: false,
      quarantine: { because: 'entry 2 does not match its checksum' },
    })
    await endQuarantine(database, damaged)
    expect((await log.load(damaged))?.tail).toHaveLength(2)
    expect((await leases.claim(damaged)).token).toBeGreaterThan(token)
  })

  test('one that was never written is put aside too', async () => {
    const document = await stored([demoMatrix()])
    await quarantine(connection.database, document, 'damaged')
    await expect(databaseLeases(connection.database, 'node' as NodeId).claim(document)).rejects.toThrow('in quarantine')
    await endQuarantine(connection.database, document)
  })

  test('people who come are asked to come back later, and those who are in are sent away at their next edit', async () => {
    const shared = { ...connection, close: async () => undefined }
    const server = await demoServer({}, shared)
    await server.listen()
    const client = await RawClient.open(server, await server.signIn('svhtt.officer'))
    await quarantine(connection.database, DEMO_MATRIX, 'damaged')
    client.edit((matrix) => matrix.roles.set(`NV-I-3:svhtt`, ['inform']))
    expect(await client.closed).toBe(CLOSE_CODES.overloaded.code)
    const socket = server.socket(`/sync/${DEMO_MATRIX}`, {
      cookie: await server.signIn('sdl.officer'),
      origin: server.origin,
    })
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(CLOSE_CODES.overloaded.code)
    await endQuarantine(connection.database, DEMO_MATRIX)
    const back = await RawClient.open(server, await server.signIn('svhtt.officer'))
    expect(back.matrix.tasks.size).toBeGreaterThan(40)
    await server.stop()
  })
})
