// Bad lines and bad readers, each a real socket. Real time: the limits under test are in seconds, and the tests wait side by side.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { signIn, until } from '@dongbo/testkit/liveTab.ts'
import { TcpProxy } from '@dongbo/testkit/tcpProxy.ts'
import { syncStep1Message } from '@dongbo/protocol/messages.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { desks } from './marks.ts'
import { acknowledges } from './office.ts'
import { onPostgres, type Place } from './place.ts'
import { residentMiB } from './process.ts'
import { cycles, report, SEED } from './settings.ts'
import { LARGEST_PADDING_UNITS } from './typist.ts'

const [FIRST, ...OTHERS] = desks()
const SLOW = OTHERS[0] ?? FIRST
/** What the server promises about somebody who has gone without a word. */
const GONE_LIMIT_MS = 35_000
/** Headers may take 10 s, and the server looks every now and then. */
const HEADERS_LIMIT_MS = 13_000
/** What half of the people who sign in meanwhile may wait at most. */
const SIGN_IN_LIMIT_MS = 300
const SLOW_SENDERS = cycles(300)
const SLOW_READERS = 10

let place: Place
let server: Place['server']
let office: Place['office']

beforeAll(async () => {
  place = await onPostgres()
  server = place.server
  office = place.office
})
afterAll(async () => {
  await place?.remove()
})

describe.concurrent('lines that do not work', () => {
  test('row 31: a line that has gone dead without a word: the others see him leave, and he comes back', async ({
    onTestFinished,
  }) => {
    const proxy = await TcpProxy.to(Number(new URL(server.url).port), seededRandom(SEED))
    onTestFinished(() => proxy.close())
    const through = `http://127.0.0.1:${proxy.port}`
    const watcher = await office.enter('coordinator@demo.dongbo')
    const lost = await office.sitDown(FIRST, { url: through })
    const isThere = (): boolean => watcher.view.peers.some((peer) => peer.personId === personOf(FIRST.email))
    await until(watcher, isThere)
    proxy.setWeather({ blackHole: true })
    const startedMs = performance.now()
    lost.type(3)
    await until(watcher, () => !isThere())
    const goneMs = performance.now() - startedMs
    proxy.setWeather({})
    lost.tab.retry()
    await office.agree([lost])
    office.leave(lost.tab)
    office.leave(watcher)
    expect(goneMs).toBeLessThan(GONE_LIMIT_MS)
    report('row 31', { 's until the others see him leave': (goneMs / 1_000).toFixed(1) })
  }, 90_000)

  test('row 30: who sends headers or a frame byte by byte is cut off, and people sign in as ever', async () => {
    const port = Number(new URL(server.url).port)
    // Not the one of row 31, whom the others must see leave.
    const cookie = await office.cookieOf(SLOW.email)
    const usualMs = await middleSignIn()
    const startedMs = performance.now()
    const slow = await Promise.all(Array.from({ length: SLOW_SENDERS }, () => openRaw(port)))
    const cut = slow.map((socket) =>
      trickle(socket, `GET /api/me HTTP/1.1\r\nHost: x\r\n${'x-slow: y\r\n'.repeat(200)}`),
    )
    const meanwhileMs = await middleSignIn()
    await Promise.all(cut)
    const headersMs = performance.now() - startedMs
    expect(headersMs).toBeLessThan(HEADERS_LIMIT_MS)

    const socket = await openRaw(port)
    socket.write(upgrade(server.url, cookie))
    await once(socket, 'data')
    const frameMs = performance.now()
    // A masked binary frame that announces 60 KB.
    await trickle(socket, Buffer.concat([Buffer.from([0x82, 0xfe, 0xea, 0x60, 1, 2, 3, 4]), Buffer.alloc(60_000)]))
    const silentMs = performance.now() - frameMs
    expect(silentMs).toBeLessThan(GONE_LIMIT_MS)
    expect(meanwhileMs).toBeLessThan(Math.max(SIGN_IN_LIMIT_MS, usualMs * 2))
    report('row 30', {
      'slow senders of headers': SLOW_SENDERS,
      's until all were cut off': (headersMs / 1_000).toFixed(1),
      's until a slow frame was': (silentMs / 1_000).toFixed(1),
      'ms a sign-in in the middle meanwhile': Math.round(meanwhileMs),
    })
  }, 90_000)
})

test('row 29: readers who stop reading cost little, and nobody else waits', async () => {
  const writers = []
  for (const desk of OTHERS.slice(0, 6)) writers.push(await office.sitDown(desk))
  const cookie = await office.cookieOf(FIRST.email)
  const readers: WebSocket[] = []
  for (let reader = 0; reader < SLOW_READERS; reader++) {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/matrix/kh-2026`, {
      headers: { cookie, origin: server.url },
    })
    await once(socket, 'open')
    socket.send(syncStep1Message(Uint8Array.of(0)))
    await once(socket, 'message')
    socket.pause()
    readers.push(socket)
  }
  const before = residentMiB(server.pid)
  let largest = before
  const padding = 'đồng bộ '.repeat(LARGEST_PADDING_UNITS / 8)
  const rounds = cycles(100)
  let slowestMs = 0
  for (let round = 0; round < rounds; round++) {
    const typedMs = performance.now()
    const heard = writers.map((writer) => acknowledges(writer))
    for (const writer of writers) writer.type(1, padding)
    await Promise.all(heard)
    slowestMs = Math.max(slowestMs, performance.now() - typedMs)
    largest = Math.max(largest, residentMiB(server.pid))
  }
  await office.agree(writers)
  for (const socket of readers) socket.terminate()
  for (const { tab } of writers) office.leave(tab)
  const each = (largest - before) / SLOW_READERS
  report('row 29', {
    'slow readers': SLOW_READERS,
    'MB told to each': Math.round((rounds * writers.length * Buffer.byteLength(padding)) / 1e6),
    'MiB of growth for each': each.toFixed(1),
    'ms slowest round of six edits': Math.round(slowestMs),
  })
  expect(each).toBeLessThan(8)
}, 120_000)

/** The demo's person ids follow from the addresses. */
function personOf(email: string): string {
  return email.slice(0, email.indexOf('@')).replace('.', '-')
}

async function openRaw(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** A byte a second, until the other side has had enough. */
async function trickle(socket: Socket, text: string | Uint8Array): Promise<void> {
  const bytes = Buffer.from(text)
  let sent = 0
  const timer = setInterval(() => {
    if (sent < bytes.length) socket.write(bytes.subarray(sent, ++sent))
  }, 1_000)
  socket.resume()
  if (!socket.destroyed) await once(socket, 'close')
  clearInterval(timer)
}

function upgrade(url: string, cookie: string): string {
  const lines = [
    'GET /sync/matrix/kh-2026 HTTP/1.1',
    `Host: ${new URL(url).host}`,
    `Origin: ${url}`,
    `Cookie: ${cookie}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

async function middleSignIn(): Promise<number> {
  const times: number[] = []
  for (const { email } of OTHERS.slice(0, 9)) {
    const startedMs = performance.now()
    await signIn(server.url, email)
    times.push(performance.now() - startedMs)
  }
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? Infinity
}
