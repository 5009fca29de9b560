import type { Connection } from '@dongbo/db/connect.ts'
import { DamagedLog } from '@dongbo/db/damagedLog.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { instant } from '@dongbo/kernel/clock.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { matrixOf } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { seq, type StoredDocument } from '@dongbo/sync/ports/updateLog.ts'
import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { cycles, report, SEED } from './settings.ts'

const FLIPS = cycles(1_000)
const DOCUMENT = matrixOf(trustedId<PlanId>('flipped'))
const ENTRIES = 12
/** So much text an entry that most bits are content, which Yjs itself would never miss. */
const LETTERS = 40
/** Bits are flipped among those that every entry has. */
const SHORTEST_BYTES = 80

let connection: Connection
let content: string

beforeAll(async () => {
  connection = await embeddedDatabase()
  const log = databaseUpdateLog(connection.database)
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (let entry = 0; entry < ENTRIES; entry++) doc.getText('text').insert(0, `${entry} `.repeat(LETTERS))
  const entries = updates.map((update, index) => {
    return { document: DOCUMENT, seq: seq(index + 1), update, personId: null, bodyId: null, at: instant(0) }
  })
  const [first, ...rest] = entries
  if (first === undefined) throw new Error('no entries')
  await log.create(first, 'g')
  await log.append({ entries: rest, newOwners: [] })
  for (const upTo of [5, 9]) {
    await log.saveSnapshot(DOCUMENT, seq(upTo), Y.mergeUpdates(updates.slice(0, upTo)))
  }
  content = doc.getText('text').toString()
})
afterAll(async () => {
  await connection.close()
})

function contentOf({ snapshot, tail }: StoredDocument): string {
  const doc = new Y.Doc()
  if (snapshot !== null) Y.applyUpdate(doc, snapshot.update)
  for (const { update } of tail) Y.applyUpdate(doc, update)
  return doc.getText('text').toString()
}

test('row 14: a bit that flips in the store is found: what loads is the document, or nothing loads', async () => {
  const random = seededRandom(SEED)
  const { database } = connection
  const log = databaseUpdateLog(database)
  let bridged = 0
  let refused = 0
  for (let flip = 0; flip < FLIPS; flip++) {
    const isSnapshot = random.below(3) === 0
    const table = sql.raw(isSnapshot ? 'document_snapshot' : 'document_update')
    const position = isSnapshot
      ? sql.raw(`up_to = ${random.below(2) === 0 ? 5 : 9}`)
      : sql.raw(`seq = ${1 + random.below(ENTRIES)}`)
    const where = sql`where document = ${DOCUMENT} and ${position}`
    const bit = random.below(8 * SHORTEST_BYTES)
    const turn = sql`update ${table} set data = set_bit(data, ${bit}, 1 - get_bit(data, ${bit})) ${where}`
    await database.execute(turn)
    try {
      const stored = await log.load(DOCUMENT)
      expect(stored === null ? null : contentOf(stored)).toBe(content)
      bridged++
    } catch (error) {
      if (!(error instanceof DamagedLog)) throw error
      refused++
    }
    await database.execute(turn)
  }
  report('row 14', {
    'bits flipped': FLIPS,
    'bridged by an older snapshot or not needed': bridged,
    refused,
    'loaded wrong': 0,
  })
  expect(bridged).toBeGreaterThan(0)
  expect(refused).toBeGreaterThan(0)
})
