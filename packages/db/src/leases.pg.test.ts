import { clientIdsContract } from '@dongbo/testkit/contractsClientIds.ts'
import { leasesContract } from '@dongbo/testkit/contractsLeases.ts'
import { postgresDatabase } from '@dongbo/testkit/databases.ts'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll } from 'vitest'
import { databaseClientIds } from './clientIds.ts'
import type { Connection } from './connect.ts'
import { databaseLeases } from './leases.ts'
import { documentClient, documentLease } from './schema.ts'
import { databaseUpdateLog } from './updateLog.ts'

let connection: Connection

beforeAll(async () => {
  connection = await postgresDatabase()
})
afterAll(async () => {
  await connection.close()
})

leasesContract('PostgreSQL', async () => ({
  leases: (node) => databaseLeases(connection.database, node),
  log: databaseUpdateLog(connection.database),
  lapse: async () => {
    await connection.database.update(documentLease).set({ endsAt: sql`clock_timestamp()` })
  },
}))

clientIdsContract('PostgreSQL', async () => ({
  ids: databaseClientIds(connection.database),
  log: databaseUpdateLog(connection.database),
  age: async (document, ms) => {
    await connection.database
      .update(documentClient)
      .set({ heldAt: sql`${documentClient.heldAt} - ${ms} * interval '1 millisecond'` })
      .where(eq(documentClient.document, document))
  },
}))
