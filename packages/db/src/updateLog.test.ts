import { instant } from '@dongbo/kernel/clock.ts'
import { parseDocumentName } from '@dongbo/model/documentName.ts'
import { seq } from '@dongbo/sync/ports/updateLog.ts'
import { updateLogContract } from '@dongbo/testkit/contractsUpdateLog.ts'
import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from './connect.ts'
import { documentSnapshot, documentUpdate } from './schema.ts'
import { DamagedLog } from './damagedLog.ts'
import { databaseUpdateLog } from './updateLog.ts'

let connection: Connection

beforeAll(async () => {
  connection = await embeddedDatabase()
})
afterAll(async () => {
  await connection.close()
})

updateLogContract('PGlite', async () => databaseUpdateLog(connection.database))

describe('damage', () => {
  let numbers = 0
  /** A document of five entries with snapshots after the third and the fourth. */
  async function withSnapshots() {
    numbers += 1
    const parsed = parseDocumentName(`matrix/damaged-${numbers}`)
    if (!parsed.ok) throw new Error(parsed.error)
    const name = parsed.value
    const log = databaseUpdateLog(connection.database)
    const entry = (position: number) => ({
      document: name,
      seq: seq(position),
      update: new Uint8Array([position]),
      personId: null,
      bodyId: null,
      at: instant(0),
    })
    await log.create(entry(1), 'g')
    await log.append({ entries: [2, 3, 4, 5].map(entry), newOwners: [] })
    await log.saveSnapshot(name, seq(3), new Uint8Array([1, 2, 3]))
    await log.saveSnapshot(name, seq(4), new Uint8Array([1, 2, 3, 4]))
    return { log, name }
  }

  async function damageSnapshot(name: string, upTo: number) {
    await connection.database
      .update(documentSnapshot)
      .set({ data: sql`set_byte(${documentSnapshot.data}, 0, 77)` })
      .where(and(eq(documentSnapshot.document, name), eq(documentSnapshot.upTo, upTo)))
  }

  test('a damaged snapshot is passed over for the one before it', async () => {
    const { log, name } = await withSnapshots()
    await damageSnapshot(name, 4)
    const stored = await log.load(name)
    expect(stored?.snapshot).toEqual({ upTo: 3, update: new Uint8Array([1, 2, 3]) })
    expect(stored?.tail.map((entry) => entry.seq)).toEqual([4, 5])
  })

  test('without a sound snapshot the whole log is read', async () => {
    const { log, name } = await withSnapshots()
    await damageSnapshot(name, 3)
    await damageSnapshot(name, 4)
    const stored = await log.load(name)
    expect(stored?.snapshot).toBeNull()
    expect(stored?.tail.map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5])
  })

  test('a damaged entry is refused, never loaded', async () => {
    const { log, name } = await withSnapshots()
    await connection.database
      .update(documentUpdate)
      .set({ data: sql`set_bit(${documentUpdate.data}, 3, 1 - get_bit(${documentUpdate.data}, 3))` })
      .where(and(eq(documentUpdate.document, name), eq(documentUpdate.seq, 5)))
    await expect(log.load(name)).rejects.toBeInstanceOf(DamagedLog)
  })

  test('a missing entry is refused, and so is a log that is gone: neither loads as an empty document', async () => {
    const { log, name } = await withSnapshots()
    await connection.database
      .delete(documentUpdate)
      .where(and(eq(documentUpdate.document, name), eq(documentUpdate.seq, 5)))
    expect((await log.load(name))?.tail).toEqual([])
    await connection.database.delete(documentSnapshot).where(eq(documentSnapshot.document, name))
    await connection.database
      .delete(documentUpdate)
      .where(and(eq(documentUpdate.document, name), eq(documentUpdate.seq, 2)))
    await expect(log.load(name)).rejects.toThrow('entry 2 is missing')
    await connection.database.delete(documentUpdate).where(eq(documentUpdate.document, name))
    await expect(log.load(name)).rejects.toThrow('the log is empty')
  })
})
