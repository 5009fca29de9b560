import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { manualClock, type ManualClock } from '@dongbo/testkit/manualClock.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { liveSockets, type LiveSockets } from './liveSockets.ts'
import { serverMetrics } from './metrics.ts'

const SESSION = { id: 'one', expiresAt: Number.POSITIVE_INFINITY }

let server: WebSocketServer
let clock: ManualClock
let sockets: LiveSockets
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  clock = manualClock()
  sockets = liveSockets(clock, serverMetrics())
})
afterEach(() => {
  for (const socket of server.clients) socket.terminate()
  server.close()
})

/** A socket's two ends; `autoPong: false` is a client that has gone without a word. */
async function connected(autoPong: boolean): Promise<{ client: WebSocket; socket: WebSocket }> {
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { autoPong })
  const [socket] = (await once(server, 'connection')) as [WebSocket]
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open')
  expect(sockets.add(socket, SESSION)).not.toBeNull()
  return { client, socket }
}

test('who has gone without a word is found out within 35 seconds, whenever it happened', async () => {
  // Just after a ping is the longest way to go.
  clock.advance(1)
  const { socket } = await connected(false)
  const closed = once(socket, 'close')
  clock.advance(35_000)
  await closed
  expect(sockets.sessionIds()).toEqual([])
})

test('who is only quiet stays', async () => {
  const { client, socket } = await connected(true)
  for (let seconds = 0; seconds < 120; seconds += 11) {
    const answered = once(socket, 'pong')
    clock.advance(11_000)
    await answered
  }
  expect([client.readyState, socket.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN])
})

test('one answer that is lost does not cost the seat', async () => {
  const { client, socket } = await connected(false)
  clock.advance(22_000)
  const spoken = once(socket, 'message')
  client.send('still here')
  await spoken
  clock.advance(22_000)
  expect(socket.readyState).toBe(WebSocket.OPEN)
})
