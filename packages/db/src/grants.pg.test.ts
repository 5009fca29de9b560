import { grantsContract } from '@dongbo/testkit/contractsGrants.ts'
import { postgresDatabase } from '@dongbo/testkit/databases.ts'
import { afterAll, beforeAll } from 'vitest'
import type { Connection } from './connect.ts'

let connection: Connection

beforeAll(async () => {
  connection = await postgresDatabase()
})
afterAll(async () => {
  await connection.close()
})

grantsContract('PostgreSQL', () => connection.database)
