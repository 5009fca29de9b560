import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { LiveSocket } from './liveSockets.ts'
import { receiveFrames } from './receiveFrames.ts'

/** A seat that keeps what it is told; the frame `closesAt` makes it send its socket away. */
class Seat {
  readonly told: string[] = []
  left = 0
  readonly #socket: WebSocket
  readonly #closesAt: string | null

  constructor(socket: WebSocket, closesAt: string | null = null) {
    this.#socket = socket
    this.#closesAt = closesAt
  }

  receive(frame: Uint8Array): void {
    const text = new TextDecoder().decode(frame)
    this.told.push(text)
    if (text === this.#closesAt) this.#socket.close(4403)
  }

  leave(): void {
    this.left += 1
  }
}

let server: WebSocketServer
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
})
afterEach(() => {
  for (const socket of server.clients) socket.terminate()
  server.close()
})

/** A client that has sent these frames, and the server's side, which has received them while a room loads. */
async function connected(frames: readonly string[]) {
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [socket] = (await once(server, 'connection')) as [WebSocket]
  const live: LiveSocket = {
    sessionId: 'one',
    expiresAt: Number.POSITIVE_INFINITY,
    queuedBytes: 0,
    send: (message) => socket.send(message),
    close: () => socket.close(4408),
    pause: () => undefined,
    resume: () => undefined,
    noteActivity: () => undefined,
  }
  const all = Promise.withResolvers<void>()
  let due = frames.length
  const receiver = receiveFrames(socket, live, {
    onFrame: () => (--due === 0 ? all.resolve() : undefined),
    onDefect: all.reject,
  })
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open')
  for (const text of frames) client.send(Buffer.from(text))
  await all.promise
  return { client, socket, receiver }
}

test('what came while the room was loading is handed over in order, and what comes later after it', async () => {
  const { client, socket, receiver } = await connected(['a', 'b'])
  const seat = new Seat(socket)
  receiver.deliverTo(seat)
  expect(seat.told).toEqual(['a', 'b'])
  client.send(Buffer.from('c'))
  client.close()
  await once(socket, 'close')
  expect(seat).toMatchObject({ told: ['a', 'b', 'c'], left: 1 })
})

test('who was sent away while the room was loading has nothing taken from him, and leaves', async () => {
  const { socket, receiver } = await connected(['a', 'b'])
  const seat = new Seat(socket)
  const closed = once(socket, 'close')
  socket.close(4401)
  receiver.deliverTo(seat)
  expect(seat).toMatchObject({ told: [], left: 1 })
  await closed
  expect(seat).toMatchObject({ told: [], left: 1 })
})

test('nothing is taken after the frame for which somebody is sent away', async () => {
  const { socket, receiver } = await connected(['a', 'b', 'c'])
  const seat = new Seat(socket, 'b')
  const closed = once(socket, 'close')
  receiver.deliverTo(seat)
  expect(seat.told).toEqual(['a', 'b'])
  await closed
  expect(seat).toMatchObject({ told: ['a', 'b'], left: 1 })
})
