import { updateLogContract } from '@dongbo/testkit/contractsUpdateLog.ts'
import { postgresDatabase } from '@dongbo/testkit/databases.ts'
import { afterAll, beforeAll } from 'vitest'
import type { Connection } from './connect.ts'
import { databaseUpdateLog } from './updateLog.ts'

let connection: Connection

beforeAll(async () => {
  connection = await postgresDatabase()
})
afterAll(async () => {
  await connection.close()
})

updateLogContract('PostgreSQL', async () => databaseUpdateLog(connection.database))
