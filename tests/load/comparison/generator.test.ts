import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { updateMessage } from '@dongbo/protocol/messages.ts'
import { expect, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import * as Y from 'yjs'
import { marker, scanMarkers } from './markers.ts'
import { profileShares } from './profileShares.ts'
import { RawSocket } from './rawSocket.ts'
import type { Measured } from './scenario.ts'
import { tableOf } from './table.ts'
import type { TargetName } from './targets.ts'
import { readVarUint, varUint } from './varUint.ts'

/** Lengths on both sides of each form of a frame's head, and one that comes in many reads. */
const LENGTHS = [0, 1, 125, 126, 65_535, 65_536, 3_000_000]

test('what a WebSocket server sends arrives whole, also in fragments, and the other way round', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const arrived: Buffer[] = []
  const { promise: isComplete, resolve } = Promise.withResolvers<void>()
  const line = new RawSocket({
    port: (server.address() as AddressInfo).port,
    path: '/',
    headers: {},
    onOpen: () => undefined,
    onMessage(message) {
      // Views into what was read: kept, so copied.
      arrived.push(Buffer.from(message))
      if (arrived.length === LENGTHS.length * 2) resolve()
    },
    onClose: () => undefined,
  })
  try {
    const [socket] = (await once(server, 'connection')) as [WebSocket]
    const sent = LENGTHS.map((length, index) => Buffer.alloc(length, index + 1))
    for (const message of sent) {
      socket.send(message)
      const half = Math.floor(message.length / 2)
      socket.send(message.subarray(0, half), { fin: false })
      socket.ping()
      socket.send(message.subarray(half), { fin: true })
    }
    await isComplete
    expect(arrived.map((message) => message.length)).toEqual(LENGTHS.flatMap((length) => [length, length]))
    for (const [index, message] of arrived.entries())
      expect(message.equals(sent[Math.floor(index / 2)] ?? Buffer.of())).toBe(true)

    for (const message of sent) {
      const heard = once(socket, 'message') as Promise<[Buffer]>
      line.send(message)
      expect((await heard)[0].equals(message)).toBe(true)
    }
  } finally {
    line.close()
    server.close()
  }
})

test('edits are found in updates, also when a server has merged them', () => {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const text = doc.getText('t')
  for (let edit = 0; edit < 50; edit++) text.insert(text.length, marker(1_295, edit))
  const found: string[] = []
  const merged = updateMessage(Y.mergeUpdates(updates))
  scanMarkers(Buffer.from(merged), (writer, edit) => found.push(`${writer} ${edit}`))
  expect(found).toEqual(Array.from({ length: 50 }, (_, edit) => `1295 ${edit}`))
})

test('a sign without its digits is no edit', () => {
  const found: number[] = []
  scanMarkers(Buffer.from(`§§1§00000§${marker(3, 7)}§0-000000§`), (_, edit) => found.push(edit))
  expect(found).toEqual([7])
})

test.each([0, 127, 128, 16_383, 16_384, 2 ** 32, Number.MAX_SAFE_INTEGER])('%d is read as it was written', (value) => {
  expect(readVarUint(Buffer.from([9, ...varUint(value)]), 1)).toEqual([value, varUint(value).length + 1])
})

test('a profile is read for the time between two moments, native calls with who called them', () => {
  const frame = (functionName: string, url = '') => ({ functionName, url })
  const profile = {
    startTime: 1_000,
    nodes: [
      { id: 1, callFrame: frame('(root)'), children: [2, 3, 5] },
      { id: 2, callFrame: frame('(idle)') },
      { id: 3, callFrame: frame('send', 'file:///a/node_modules/ws/lib/sender.js'), children: [4] },
      { id: 4, callFrame: frame('writev') },
      { id: 5, callFrame: frame('judge', 'file:///a/packages/sync/src/gate/judge.ts') },
    ],
    // At 1,100, 1,200 … 1,600: the first and the last are outside.
    samples: [5, 4, 2, 5, 3],
    timeDeltas: [100, 100, 100, 100, 100, 100],
  }
  expect(profileShares({ ...profile, samples: [...profile.samples, 5] }, 1_150, 1_550)).toEqual([
    ['writing to sockets: WebSockets (framing, streams)', 100 / 3],
    ['the gate (gate, model, policy)', 100 / 3],
    ['WebSockets (framing, streams)', 100 / 3],
  ])
})

test('a goal that is missed is said so; a peer that delivered nothing in most runs is not compared', () => {
  const table = tableOf(
    {
      title: '',
      targets: ['ours', 'hocuspocus', 'y-websocket-server'],
      run: () => Promise.resolve({}),
      lines: [
        { what: 'cost', key: 'a', show: String, goals: { hocuspocus: 0.5, 'y-websocket-server': 0.5 } },
        { what: 'work', key: 'b', show: String, goals: { hocuspocus: 1.5 }, moreIsBetter: true },
        { what: 'wait', key: 'a', show: String, limit: { rule: 'theirs', of: (of) => of('hocuspocus', 'a') } },
      ],
    },
    new Map<TargetName, Measured[]>([
      ['ours', [1, 9, 4].map((a) => ({ a, b: 20 }))],
      ['hocuspocus', [10, 6, 0].map((a) => ({ a, b: 10 }))],
      ['y-websocket-server', [{ a: 1 }, { a: null }, { a: null }]],
    ]),
  )
  expect(table.split('\n').slice(2)).toEqual([
    '| cost | 4 | 6 | – | 0.67 (≤ 0.5) **missed** |',
    '| work | 20 | 10 | – | 2.00 (≥ 1.5) |',
    '| wait | 4 | 6 | – | ≤ 6 (theirs) |',
  ])
})
