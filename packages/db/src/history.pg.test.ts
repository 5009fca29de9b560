import { historyContract } from '@dongbo/testkit/contractsHistory.ts'
import { postgresDatabase } from '@dongbo/testkit/databases.ts'
import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll } from 'vitest'
import type { Connection } from './connect.ts'
import { databaseHistory } from './history.ts'
import { documentHistory, documentSnapshot } from './schema.ts'
import { databaseUpdateLog } from './updateLog.ts'

let connection: Connection

beforeAll(async () => {
  connection = await postgresDatabase()
})
afterAll(async () => {
  await connection.close()
})

historyContract('PostgreSQL', async () => ({
  log: databaseUpdateLog(connection.database),
  history: databaseHistory(connection.database),
  async damageSnapshots(document) {
    await connection.database
      .update(documentSnapshot)
      .set({ data: sql`set_bit(${documentSnapshot.data}, 9, 1 - get_bit(${documentSnapshot.data}, 9))` })
      .where(eq(documentSnapshot.document, document))
  },
  async damageCompact(document, from) {
    await connection.database
      .update(documentHistory)
      .set({ data: sql`set_bit(${documentHistory.data}, 9, 1 - get_bit(${documentHistory.data}, 9))` })
      .where(and(eq(documentHistory.document, document), eq(documentHistory.fromSeq, from)))
  },
}))
