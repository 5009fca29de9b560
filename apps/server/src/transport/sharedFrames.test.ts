import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { framesCanBeShared, socketSender } from './sharedFrames.ts'

let server: WebSocketServer
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  await once(server, 'listening')
})
afterEach(() => {
  for (const socket of server.clients) socket.terminate()
  server.close()
})

async function connected(): Promise<{ client: WebSocket; socket: WebSocket; heard: Buffer[] }> {
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const heard: Buffer[] = []
  client.on('message', (data: Buffer) => void heard.push(data))
  const [socket] = (await once(server, 'connection')) as [WebSocket]
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open')
  return { client, socket, heard }
}

const LENGTHS = [0, 1, 60, 125, 126, 127, 1_000, 65_535, 65_536, 1_000_000]
const message = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 7 + length) % 256)

test('this version of ws can be written past', () => {
  expect(framesCanBeShared()).toBe(true)
})

describe.each([
  ['framed once', true],
  ['through ws, as when it cannot be written past', false],
])('%s', (_way, shares) => {
  test('every socket hears every message whole and in order, with pings between them, large ones too', async () => {
    const senderOf = socketSender(shares)
    const tabs = [await connected(), await connected(), await connected()]
    const sends = tabs.map(({ socket }) => senderOf(socket))
    for (const length of [...LENGTHS, ...LENGTHS.toReversed()]) {
      const told = message(length)
      for (const send of sends) send(told)
      for (const { socket } of tabs) socket.ping()
    }
    const ended = tabs.map(({ client }) => once(client, 'close'))
    for (const { socket } of tabs) socket.close(4000)
    await Promise.all(ended)
    const expected = [...LENGTHS, ...LENGTHS.toReversed()].map(message).map((bytes) => Buffer.from(bytes))
    for (const { heard } of tabs) {
      expect(heard.map(({ length }) => length)).toEqual(expected.map(({ length }) => length))
      expect(heard.every((bytes, at) => Buffer.compare(bytes, expected[at] ?? Buffer.alloc(0)) === 0)).toBe(true)
    }
  })

  test('what a socket has not taken counts as queued', async () => {
    const { client, socket } = await connected()
    const send = socketSender(shares)(socket)
    client.pause()
    const told = message(60_000)
    for (let i = 0; i < 400; i++) send(told)
    expect(socket.bufferedAmount).toBeGreaterThan(1_000_000)
  })
})

test('sockets that are told the same are handed the same buffer', async () => {
  const senderOf = socketSender()
  const [one, two] = [await connected(), await connected()]
  const written: unknown[] = []
  for (const { socket } of [one, two]) {
    const stream: unknown = Reflect.get(socket, '_socket')
    if (typeof stream !== 'object' || stream === null) throw new Error('an open socket has a stream')
    Reflect.set(stream, 'write', (chunk: unknown) => written.push(chunk))
  }
  const told = message(300)
  for (const { socket } of [one, two]) senderOf(socket)(told)
  expect(written).toHaveLength(2)
  expect(written[0]).toBe(written[1])
})
