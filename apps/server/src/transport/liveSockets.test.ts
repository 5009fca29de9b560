import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { manualClock, type ManualClock } from '@dongbo/testkit/manualClock.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { liveSockets, type LiveSocket, type LiveSockets } from './liveSockets.ts'
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
async function connected(autoPong: boolean): Promise<{ client: WebSocket; socket: WebSocket; live: LiveSocket }> {
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { autoPong })
  const [socket] = (await once(server, 'connection')) as [WebSocket]
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open')
  const live = sockets.add(socket, SESSION)
  if (live === null) throw new Error('the session has no other socket')
  return { client, socket, live }
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

test('who is not read from has to wait, is not taken for gone, and has lost nothing', async () => {
  const { client, socket, live } = await connected(true)
  const heard: string[] = []
  socket.on('message', (data: Buffer) => void heard.push(data.toString()))
  live.pause()
  // More than the network holds by itself: the rest has to stay with the sender.
  const large = 'x'.repeat(1_000_000)
  for (let i = 0; i < 20; i++) client.send(`${i} ${large}`)
  const there = once(socket, 'ping')
  client.ping()
  for (let seconds = 0; seconds < 120; seconds += 11) clock.advance(11_000)
  await new Promise((resolve) => setImmediate(resolve))
  expect(heard).toEqual([])
  expect(client.bufferedAmount).toBeGreaterThan(0)
  expect(socket.readyState).toBe(WebSocket.OPEN)
  live.resume()
  await there
  expect(heard.map((text) => text.split(' ')[0])).toEqual(Array.from({ length: 20 }, (_, i) => String(i)))
  for (let seconds = 0; seconds < 60; seconds += 11) {
    const answered = once(socket, 'pong')
    clock.advance(11_000)
    await answered
  }
  expect(socket.readyState).toBe(WebSocket.OPEN)
})

test('one that is closed while it is not read from still ends', async () => {
  const { client, socket, live } = await connected(true)
  live.pause()
  const ended = Promise.all([once(client, 'close'), once(socket, 'close')])
  live.close('overloaded')
  const [[code]] = await ended
  expect(code).toBe(1013)
})
