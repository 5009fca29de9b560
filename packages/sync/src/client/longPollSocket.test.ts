import { FRAME_LIMIT_BYTES } from '@dongbo/protocol/limits.ts'
import { readFrames } from '@dongbo/protocol/longPoll.ts'
import { expect, test } from 'vitest'
import { longPollSocket } from './longPollSocket.ts'

/** A server that lets everybody in, never has anything to say, and answers what comes up when the test says so. */
function server() {
  const bodies: { readonly act: string; readonly lengths: readonly number[]; readonly init: RequestInit }[] = []
  const unanswered: (() => void)[] = []
  const answer = async (input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> => {
    const act = new Request(input).url.split('/').at(-1) ?? ''
    if (act === 'kh-2026') return new Response('seat')
    if (act === 'down') return await new Promise<Response>(() => undefined)
    const read = readFrames(new Uint8Array(await new Response(init.body).arrayBuffer()))
    bodies.push({ act, lengths: read.ok ? read.value.map(({ length }) => length) : [], init })
    if (act === 'up') await new Promise<void>((resolve) => unanswered.push(resolve))
    return new Response(null, { status: 204 })
  }
  const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve))
  return {
    bodies,
    settle,
    async answerAll() {
      await settle()
      while (unanswered.length > 0) {
        unanswered.shift()?.()
        await settle()
      }
    },
    async connect() {
      const Socket = longPollSocket(answer)
      const socket = new Socket('ws://dongbo.example/sync/matrix/kh-2026')
      await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }))
      return socket
    },
  }
}

test('what waits goes in bodies that the server takes, in order, however much was pasted meanwhile', async () => {
  const world = server()
  const socket = await world.connect()
  const sizes = [10, 600_000, 600_000, 20, FRAME_LIMIT_BYTES, 30, 40]
  for (const size of sizes) socket.send(new Uint8Array(size))
  await world.answerAll()
  expect(world.bodies.map(({ lengths }) => lengths)).toEqual([
    [10],
    [600_000],
    [600_000, 20],
    [FRAME_LIMIT_BYTES],
    [30, 40],
  ])
  expect(socket.readyState).toBe(socket.OPEN)
  expect(socket.bufferedAmount).toBe(0)
})

test('thousands of small frames are no larger than they look', async () => {
  const world = server()
  const socket = await world.connect()
  for (let count = 0; count < 300_001; count++) socket.send(new Uint8Array(3))
  await world.answerAll()
  expect(world.bodies.flatMap(({ lengths }) => lengths)).toHaveLength(300_001)
  for (const { lengths } of world.bodies) expect(lengths.length * 4).toBeLessThanOrEqual(FRAME_LIMIT_BYTES)
})

test('the last words go in what may outlive the page', async () => {
  const world = server()
  const socket = await world.connect()
  socket.send(new Uint8Array(5))
  for (const size of [40_000, 20_000, 10_000]) socket.send(new Uint8Array(size))
  socket.close()
  await world.settle()
  expect(world.bodies.map(({ act, lengths }) => [act, lengths])).toEqual([
    ['up', [5]],
    ['close', [40_000, 20_000]],
  ])
  expect(world.bodies[1]?.init.keepalive).toBe(true)
})

test('a last word that is too large for that is sent all the same', async () => {
  const world = server()
  const socket = await world.connect()
  socket.send(new Uint8Array(5))
  socket.send(new Uint8Array(100_000))
  socket.close()
  await world.settle()
  expect(world.bodies[1]).toMatchObject({ act: 'close', lengths: [100_000], init: { keepalive: false } })
})
