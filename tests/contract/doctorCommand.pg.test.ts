import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { connect, type Connection } from '@dongbo/db/connect.ts'
import { documentSnapshot, documentUpdate } from '@dongbo/db/schema.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { demoMatrix } from '@dongbo/demo/demoMatrix.ts'
import { instant } from '@dongbo/kernel/clock.ts'
import { matrixOf, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { seq } from '@dongbo/sync/ports/updateLog.ts'
import { examineDocuments } from '@dongbo/server/compose/examineDocuments.ts'
import { createPostgresDatabase } from '@dongbo/testkit/databases.ts'
import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'

const CLI = fileURLToPath(new URL('../../apps/server/src/cli.ts', import.meta.url))
const SOUND = matrixOf(trustedId<PlanId>('sound'))

let database: Awaited<ReturnType<typeof createPostgresDatabase>>
let connection: Connection

beforeAll(async () => {
  database = await createPostgresDatabase()
  connection = await connect({ engine: 'postgres', url: database.url })
  await connection.migrate()
  await write(SOUND)
})
afterAll(async () => {
  await connection.close()
  await database.drop()
})

interface Outcome {
  readonly code: number
  readonly output: string
}

/** The real command, as a process of its own. */
async function dongbo(...words: readonly string[]): Promise<Outcome> {
  return await dongboOn(database.url, ...words)
}

async function dongboOn(url: string, ...words: readonly string[]): Promise<Outcome> {
  return await new Promise((resolve) => {
    const env = { ...process.env, DATABASE_URL: url }
    execFile(process.execPath, [CLI, ...words], { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, output: stdout + stderr })
    })
  })
}

/** The demo matrix and three edits, with a snapshot behind the third entry. */
async function write(document: DocumentName): Promise<void> {
  const doc = new Y.Doc()
  const updates = [demoMatrix()]
  Y.applyUpdate(doc, demoMatrix())
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const body of ['sdl', 'sct']) doc.getMap('roles').set(`NV-I-2:${body}`, ['inform'])
  const snapshot = Y.encodeStateAsUpdate(doc)
  doc.getMap('roles').set('NV-I-2:stc', ['inform'])
  const [first, ...rest] = updates.map((update, index) => ({
    ...{ document, seq: seq(index + 1), update, personId: null, bodyId: null, at: instant(0) },
  }))
  if (first === undefined) throw new Error('a document has a first entry')
  const log = databaseUpdateLog(connection.database)
  await log.create(first, 'g')
  await log.append({ entries: rest, newOwners: [] })
  await log.saveSnapshot(document, seq(3), snapshot)
}

const entry = (document: DocumentName, at: number) =>
  and(eq(documentUpdate.document, document), eq(documentUpdate.seq, at))
const FLIPPED = sql`set_bit(${documentUpdate.data}, 9, 1 - get_bit(${documentUpdate.data}, 9))`

async function without(document: DocumentName, at: number): Promise<void> {
  await connection.database.delete(documentUpdate).where(entry(document, at))
}

/** What happens to a document, and whether people can still be shown what they wrote. */
const CASES: readonly {
  readonly what: string
  readonly finding: string
  readonly isDamaged: boolean
  readonly happen: (document: DocumentName) => Promise<void>
}[] = [
  {
    what: 'a bit that flips in the newest entry',
    finding: 'entry 4 does not match its checksum',
    isDamaged: true,
    happen: async (document) => {
      await connection.database.update(documentUpdate).set({ data: FLIPPED }).where(entry(document, 4))
    },
  },
  {
    what: 'a bit that flips in the snapshot, with the whole log behind it',
    finding: 'the snapshot at 3 does not match its checksum',
    isDamaged: false,
    happen: async (document) => {
      const flipped = sql`set_bit(${documentSnapshot.data}, 9, 1 - get_bit(${documentSnapshot.data}, 9))`
      await connection.database
        .update(documentSnapshot)
        .set({ data: flipped })
        .where(eq(documentSnapshot.document, document))
    },
  },
  {
    what: 'an entry that is missing behind the snapshot',
    finding: 'entry 4 is missing',
    isDamaged: true,
    happen: async (document) => {
      await connection.database.update(documentUpdate).set({ seq: 5 }).where(entry(document, 4))
    },
  },
  {
    what: 'an entry that is missing before a sound snapshot',
    finding: 'entry 2 is missing',
    isDamaged: false,
    happen: async (document) => await without(document, 2),
  },
  {
    what: 'an entry after which nothing loads again',
    finding: 'entry 5 does not load',
    isDamaged: true,
    happen: async (document) => {
      const brick = { document, seq: seq(5), update: Uint8Array.of(1, 1, 1, 0, 0, 0, 0), personId: null, bodyId: null }
      await databaseUpdateLog(connection.database).append({ entries: [{ ...brick, at: instant(0) }], newOwners: [] })
    },
  },
]

test('who asks for what there is not is told what there is', async () => {
  const asked = [
    ['doctor', '--cure'],
    ['doctor', '--release'],
    ['doctor', '--release', '///'],
    ['compact', 'a', 'b'],
  ]
  for (const words of [...asked, ['toString'], []]) {
    const { code, output } = await dongbo(...words)
    expect([code, output]).toEqual([2, expect.stringContaining('Usage: pnpm dongbo')])
  }
})

test('where everything is sound, nothing is put aside', async () => {
  expect(await dongbo('doctor')).toMatchObject({ code: 0, output: expect.stringContaining(`ok   ${SOUND}`) })
  expect(await dongbo('doctor', '--quarantine')).toMatchObject({ code: 0 })
  expect(await dongbo('compact')).toMatchObject({ code: 0 })
  expect(await dongbo('compact', 'matrix/nobody')).toMatchObject({ code: 1 })
  expect(await dongbo('doctor', '--release', 'matrix/nobody')).toMatchObject({ code: 1 })
})

describe.each(CASES)('$what', ({ what, finding, isDamaged, happen }) => {
  test(`is found, and put aside only when people would be harmed: ${isDamaged}`, async () => {
    const document = matrixOf(trustedId<PlanId>(`plan-${CASES.findIndex((one) => one.what === what)}`))
    await write(document)
    const log = databaseUpdateLog(connection.database)
    const before = await connection.database.select().from(documentUpdate).where(eq(documentUpdate.document, document))
    await happen(document)
    const lineOf = ({ output }: Outcome): string => output.split('\n').find((line) => line.includes(document)) ?? output

    const found = await dongbo('doctor')
    expect([found.code, lineOf(found)]).toEqual([1, expect.stringContaining(finding)])
    const put = await dongbo('doctor', '--quarantine')
    expect([put.code, lineOf(put).slice(0, 4)]).toEqual([1, isDamaged ? 'AWAY' : 'BAD '])
    if (isDamaged) {
      await expect(log.load(document)).rejects.toThrow('in quarantine')
      expect(lineOf(put)).toContain('put aside')
    } else expect(await log.load(document)).not.toBeNull()
    expect(await log.load(SOUND)).not.toBeNull()

    // Damaged, it is not given back; nothing of it is gone, so it can be mended.
    const release = await dongbo('doctor', '--release', document)
    expect(release.code).toBe(1)
    if (isDamaged) await expect(log.load(document)).rejects.toThrow('in quarantine')
    await connection.database.delete(documentUpdate).where(eq(documentUpdate.document, document))
    await connection.database.delete(documentSnapshot).where(eq(documentSnapshot.document, document))
    await connection.database.insert(documentUpdate).values(before)
    const mended = await dongbo('doctor', '--release', document)
    expect([mended.code, lineOf(mended).slice(0, 4)]).toEqual([0, 'ok  '])
    expect((await log.load(document))?.tail).toHaveLength(before.length)
  })
})

test('a document that people write meanwhile is not taken for a damaged one', async () => {
  const document = matrixOf(trustedId<PlanId>('busy'))
  await write(document)
  const log = databaseUpdateLog(connection.database)
  const doc = new Y.Doc()
  for (const { update } of await log.entriesAfter(document, seq(0))) Y.applyUpdate(doc, update)
  const emitted: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => emitted.push(update))
  let isOver = false
  const writing = (async () => {
    for (let at = 5; !isOver; at++) {
      doc.getMap('roles').set('NV-I-2:sdl', [at % 2 === 0 ? 'inform' : 'advise'])
      const [update] = emitted.splice(0)
      if (update === undefined) throw new Error('it was written')
      const entry = { document, seq: seq(at), update, personId: null, bodyId: null, at: instant(0) }
      await log.append({ entries: [entry], newOwners: [] })
    }
  })()
  try {
    for (let time = 0; time < 30; time++) {
      const [diagnosis] = await examineDocuments(connection.database, document)
      expect(diagnosis).toMatchObject({ findings: [], isDamaged: false })
    }
  } finally {
    isOver = true
    await writing
  }
})

test('who examines or tidies does not change the tables: that is for who is asked to', async () => {
  const empty = await createPostgresDatabase()
  try {
    for (const words of [['doctor'], ['doctor', '--quarantine'], ['compact']]) {
      const { code, output } = await dongboOn(empty.url, ...words)
      expect([code, output]).toEqual([1, expect.stringContaining('run `pnpm dongbo migrate` first')])
    }
    expect((await dongboOn(empty.url, 'migrate')).code).toBe(0)
    expect((await dongboOn(empty.url, 'doctor')).output).toContain('0 documents')
  } finally {
    await empty.drop()
  }
})
