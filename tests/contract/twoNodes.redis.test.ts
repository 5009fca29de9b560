import type { Connection } from '@dongbo/db/connect.ts'
import { person } from '@dongbo/db/schema.ts'
import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { CLOSE_CODES } from '@dongbo/protocol/closeCodes.ts'
import { eq } from 'drizzle-orm'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoServer, type DemoServer } from './demoServer.ts'
import { middleOfThree } from './middleOfThree.ts'

const environment = { REDIS_URL: process.env['TEST_REDIS_URL'] ?? '' }

let connection: Connection
let here: DemoServer
let there: DemoServer

beforeAll(async () => {
  connection = await embeddedDatabase()
  const shared = { ...connection, close: async () => undefined }
  here = await demoServer(environment, shared)
  there = await demoServer(environment, shared)
  await there.listen()
})
afterAll(async () => {
  await here.stop()
  await there.stop()
  await connection.close()
})

test('a sign-out on one node closes the sockets on the other within a second', async () => {
  const signInAndOut = async () => {
    const cookie = await here.signIn('svhtt.officer')
    const socket = there.socket('/sync/matrix/kh-2026', { cookie, origin: there.origin })
    await once(socket, 'open')
    const closed = once(socket, 'close') as Promise<[number]>
    await here.app.inject({ method: 'POST', url: '/api/sign-out', headers: { cookie } })
    expect((await closed)[0]).toBe(CLOSE_CODES['signed-out'].code)
  }
  expect(await middleOfThree(signInAndOut)).toBeLessThan(1_000)
})

test('somebody who is shut out in the database itself is closed on every node within a second', async () => {
  const accounts = ['sdl.officer', 'sct.officer', 'sct.approver']
  const shutOut = async () => {
    const account = accounts.pop() ?? ''
    const cookie = await here.signIn(account)
    const socket = there.socket('/sync/matrix/kh-2026', { cookie, origin: there.origin })
    await once(socket, 'open')
    const closed = once(socket, 'close') as Promise<[number]>
    const he = eq(person.email, `${account}@demo.dongbo`)
    await connection.database.update(person).set({ active: false }).where(he)
    expect((await closed)[0]).toBe(CLOSE_CODES['signed-out'].code)
  }
  expect(await middleOfThree(shutOut)).toBeLessThan(1_000)
})
