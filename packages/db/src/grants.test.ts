import { grantsContract } from '@dongbo/testkit/contractsGrants.ts'
import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { afterAll, beforeAll } from 'vitest'
import type { Connection } from './connect.ts'

let connection: Connection

beforeAll(async () => {
  connection = await embeddedDatabase()
})
afterAll(async () => {
  await connection.close()
})

grantsContract('PGlite', () => connection.database)
