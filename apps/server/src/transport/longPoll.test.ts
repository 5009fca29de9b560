import rateLimit from '@fastify/rate-limit'
import { ok } from '@dongbo/kernel/result.ts'
import { instant } from '@dongbo/kernel/clock.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { framesBody, openSeatPath, seatPath } from '@dongbo/protocol/longPoll.ts'
import { syncStep1Message } from '@dongbo/protocol/messages.ts'
import { manualClock } from '@dongbo/testkit/manualClock.ts'
import fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { once } from 'node:events'
import { request as httpRequest, type ClientRequest } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerErrors } from './errors.ts'
import { liveSockets, type LiveSocket } from './liveSockets.ts'
import { serveLongPoll } from './longPoll.ts'
import { serverMetrics } from './metrics.ts'

const SESSION = { id: 'one', personId: trustedId<PersonId>('officer'), expiresAt: instant(Number.MAX_SAFE_INTEGER) }
const frame = (number: number): Uint8Array => syncStep1Message(Uint8Array.of(number))

let app: FastifyInstance
let heard: Uint8Array[]
let line: LiveSocket
/** The room has enough after each of these. */
let pausesAfter: readonly Uint8Array[]

/** The routes alone, for whoever says that he is signed in, over a room that writes down what it hears. */
beforeEach(async () => {
  const clock = manualClock()
  const metrics = serverMetrics()
  app = fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerErrors(() => false))
  await app.register(rateLimit, { max: 3_000, timeWindow: 60_000 })
  heard = []
  pausesAfter = []
  await serveLongPoll(app, {
    clock,
    metrics,
    sockets: liveSockets(clock, metrics),
    recogniseSession: async ({ headers }) => (headers.cookie === 'signed in' ? SESSION : null),
    async join({ socket }) {
      line = socket
      const receive = (bytes: Uint8Array): void => {
        heard.push(bytes)
        if (pausesAfter.some((one) => Buffer.compare(one, bytes) === 0)) socket.pause()
      }
      return ok({ receive, leave: () => undefined })
    },
  })
})
afterEach(async () => {
  await app.close()
})

async function post(url: string, frames: readonly Uint8Array[] = [], headers: Record<string, string> = {}) {
  return await app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/octet-stream', cookie: 'signed in', ...headers },
    payload: Buffer.from(framesBody(frames)),
  })
}

const openSeat = async (): Promise<string> => (await post(openSeatPath('matrix/kh-2026'))).body
const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve))

test('names that somebody invents are counted together, and the seats of others go on', async () => {
  const seat = await openSeat()
  const statuses = new Map<number, number>()
  for (let count = 0; count < 601; count++) {
    const { statusCode } = await post(seatPath(`invented-${count}`, 'up'), [], { cookie: '' })
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
  }
  expect([...statuses]).toEqual([
    [401, 600],
    [429, 1],
  ])
  expect((await post(seatPath(seat, 'up'), [frame(1)])).statusCode).toBe(204)
})

test.each([
  ['nobody', 'up', '', 401],
  ['nobody', 'close', '', 401],
  ['somebody without a seat', 'up', 'signed in', 404],
  ['somebody without a seat', 'close', 'signed in', 404],
])('of %s no body is read: %s', async (_who, act, cookie, status) => {
  // A body that nobody here can read: who tries says so.
  const headers = { 'content-type': 'text/unheard-of', cookie }
  expect((await post(`/api/sync/seats/none/${act}`, [frame(1)], headers)).statusCode).toBe(status)
})

test('a body that opens or asks is small', async () => {
  const large = [new Uint8Array(2_000)]
  expect((await post(openSeatPath('matrix/kh-2026'), large, { cookie: '' })).statusCode).toBe(401)
  expect((await post(openSeatPath('matrix/kh-2026'), large)).statusCode).toBe(413)
})

test('while the room is paused one request waits, the next is told to slow down, and the last words come behind it', async () => {
  const seat = await openSeat()
  line.pause()
  const first = post(seatPath(seat, 'up'), [frame(1), frame(2)])
  await settle()
  expect((await post(seatPath(seat, 'up'), [frame(7)])).statusCode).toBe(429)
  const last = post(seatPath(seat, 'close'), [frame(3)])
  await settle()
  expect((await post(seatPath(seat, 'close'), [frame(8)])).statusCode).toBe(429)
  expect(heard).toEqual([])
  pausesAfter = [frame(1)]
  line.resume()
  await settle()
  expect(heard).toEqual([frame(1)])
  line.resume()
  expect([(await first).statusCode, (await last).statusCode]).toEqual([204, 204])
  expect(heard).toEqual([frame(1), frame(2), frame(3)])
  expect((await post(seatPath(seat, 'up'), [frame(4)])).statusCode).toBe(404)
})

test('one request after the other goes through, also behind one that could not be read', async () => {
  const seat = await openSeat()
  const payload = Buffer.from([5, 1])
  const headers = { 'content-type': 'application/octet-stream', cookie: 'signed in' }
  const broken = await app.inject({ method: 'POST', url: seatPath(seat, 'up'), headers, payload })
  expect(broken.statusCode).toBe(400)
  for (const number of [1, 2]) expect((await post(seatPath(seat, 'up'), [frame(number)])).statusCode).toBe(204)
  expect(heard).toEqual([frame(1), frame(2)])
})

test('a request that breaks off on its way gives its turn back', async () => {
  const seat = await openSeat()
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const half = await beginUpload(Number(port), seatPath(seat, 'up'))
  expect((await post(seatPath(seat, 'up'), [frame(1)])).statusCode).toBe(429)
  const isOver = once(app.server, 'dongbo:over')
  half.destroy()
  await isOver
  expect((await post(seatPath(seat, 'up'), [frame(2)])).statusCode).toBe(204)
  expect(heard).toEqual([frame(2)])
})

/** Sends the beginning of a body; resolves when the server has let it in. */
async function beginUpload(port: number, path: string): Promise<ClientRequest> {
  const isIn = once(app.server, 'request')
  const upload = httpRequest({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path,
    headers: { 'content-type': 'application/octet-stream', cookie: 'signed in', 'content-length': 1_000 },
  })
  upload.on('error', () => undefined)
  upload.write(Buffer.alloc(10))
  const [, response] = await isIn
  response.once('close', () => setImmediate(() => app.server.emit('dongbo:over')))
  await settle()
  return upload
}
