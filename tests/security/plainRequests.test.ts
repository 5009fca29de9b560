import { session } from '@dongbo/db/schema.ts'
import { FRAME_LIMIT_BYTES } from '@dongbo/protocol/limits.ts'
import { framesBody, openSeatPath, seatPath } from '@dongbo/protocol/longPoll.ts'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoServer, type DemoServer } from '../contract/demoServer.ts'

const MINUTE_MS = 60_000
const IDLE_LIMIT_MINUTES = 30

let server: DemoServer
beforeAll(async () => {
  server = await demoServer({ SESSION_IDLE_MINUTES: String(IDLE_LIMIT_MINUTES) })
})
afterAll(async () => {
  await server.stop()
})

async function post(url: string, cookie: string, frames: readonly Uint8Array[] = [], remoteAddress = '203.0.113.1') {
  return await server.app.inject({
    method: 'POST',
    url,
    remoteAddress,
    headers: { 'content-type': 'application/octet-stream', cookie },
    payload: Buffer.from(framesBody(frames)),
  })
}

/** How many requests of a network are let through before one is told to slow down. */
async function letThrough(mostly: number, ask: (count: number) => Promise<{ readonly statusCode: number }>) {
  for (let count = 0; count <= mostly; count++) if ((await ask(count)).statusCode === 429) return count
  return Number.POSITIVE_INFINITY
}

describe('a stranger', () => {
  test('has 600 tries at seats in a minute, and none of them is read', async () => {
    const large = [new Uint8Array(FRAME_LIMIT_BYTES)]
    const tries = await letThrough(700, async (count) => {
      // Now and then with a body: that it is refused for who sends it, and not for its size, is the other case below.
      const answer = await post(seatPath(`invented-${count}`, 'up'), '', count % 100 === 0 ? large : [])
      if (answer.statusCode !== 429) expect(answer.statusCode).toBe(401)
      return answer
    })
    expect(tries).toBe(600)
  })

  test('is told so for his session, not for the size or the kind of what he sends', async () => {
    const huge = [new Uint8Array(2 * FRAME_LIMIT_BYTES)]
    for (const url of [openSeatPath('matrix/kh-2026'), seatPath('invented', 'close')]) {
      expect((await post(url, '', huge, '203.0.113.2')).statusCode).toBe(401)
    }
  })

  test('with the whole of an IPv6 network to himself is still one', async () => {
    const ask = async (count: number) =>
      await server.app.inject({ url: '/api/me', remoteAddress: `2001:db8:1:2::${count.toString(16)}` })
    expect(await letThrough(3_100, ask)).toBe(3_000)
    const next = await server.app.inject({ url: '/api/me', remoteAddress: '2001:db8:1:3::1' })
    expect(next.statusCode).toBe(401)
  })
})

test('a frame over the limit of frames is too large, in whatever body it comes', async () => {
  const cookie = await server.signIn('sdl.officer')
  const seat = (await post(openSeatPath('matrix/kh-2026'), cookie)).body
  const sized = (bytes: number) => [new Uint8Array(bytes)]
  expect((await post(seatPath(seat, 'up'), cookie, sized(FRAME_LIMIT_BYTES + 1))).statusCode).toBe(413)
  expect((await post(seatPath(seat, 'up'), cookie, sized(FRAME_LIMIT_BYTES))).statusCode).toBe(204)
})

test('a page that only listens lets its session end; one that its person uses does not', async () => {
  const { database } = server.connection
  const mine = eq(session.personId, 'svhtt-officer')
  const leftFor = async (minutes: number) =>
    await database
      .update(session)
      .set({ lastSeenAt: new Date(Date.now() - minutes * MINUTE_MS) })
      .where(mine)
  const idleMinutes = async () => {
    const [row] = await database.select({ lastSeenAt: session.lastSeenAt }).from(session).where(mine)
    return Math.round((Date.now() - (row?.lastSeenAt.getTime() ?? 0)) / MINUTE_MS)
  }
  const cookie = await server.signIn('svhtt.officer')
  await leftFor(20)
  const seat = (await post(openSeatPath('matrix/kh-2026'), cookie)).body
  // The first question is answered with the welcome.
  expect((await post(seatPath(seat, 'down'), cookie)).statusCode).toBe(200)
  expect((await post(seatPath(seat, 'up'), cookie)).statusCode).toBe(204)
  expect(await idleMinutes()).toBe(20)
  await server.app.inject({ url: '/api/me', headers: { cookie } })
  expect(await idleMinutes()).toBe(0)
  await leftFor(IDLE_LIMIT_MINUTES + 1)
  for (const act of ['down', 'up'] as const) expect((await post(seatPath(seat, act), cookie)).statusCode).toBe(401)
  expect((await post(openSeatPath('matrix/kh-2026'), cookie)).statusCode).toBe(401)
})
