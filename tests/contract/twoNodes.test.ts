// Two servers over one database that cannot speak to each other: what one does, the other finds out by itself.
import { once } from 'node:events'
import type { Connection } from '@dongbo/db/connect.ts'
import { CLOSE_CODES } from '@dongbo/protocol/closeCodes.ts'
import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoServer, type DemoServer } from './demoServer.ts'
import { middleOfThree } from './middleOfThree.ts'

let connection: Connection
let here: DemoServer
let there: DemoServer

beforeAll(async () => {
  connection = await embeddedDatabase()
  const shared = { ...connection, close: async () => undefined }
  here = await demoServer({}, shared)
  there = await demoServer({}, shared)
  await there.listen()
})
afterAll(async () => {
  await here.stop()
  await there.stop()
  await connection.close()
})

test('a sign-out on one node closes the sockets on the other within five seconds', async () => {
  const signInAndOut = async () => {
    const cookie = await here.signIn('svhtt.officer')
    const socket = there.socket('/sync/matrix/kh-2026', { cookie, origin: there.origin })
    await once(socket, 'open')
    const closed = once(socket, 'close') as Promise<[number]>
    await here.app.inject({ method: 'POST', url: '/api/sign-out', headers: { cookie } })
    expect((await closed)[0]).toBe(CLOSE_CODES['signed-out'].code)
  }
  expect(await middleOfThree(signInAndOut)).toBeLessThan(5_000)
})
