import { CLOSE_CODES } from '@dongbo/protocol/closeCodes.ts'
import { SUBPROTOCOL, syncStep1Message } from '@dongbo/protocol/messages.ts'
import { readServerMessage, type Heard } from '@dongbo/testkit/seats.ts'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { demoServer, type DemoServer } from './demoServer.ts'

const PATH = '/sync/matrix/kh-2026'
const EMPTY_STATE = new Uint8Array([0])

let server: DemoServer
let cookie: string

beforeAll(async () => {
  server = await demoServer()
  await server.listen()
  cookie = await server.signIn('svhtt.officer')
})
afterAll(async () => {
  await server.stop()
})

/** The HTTP status of a refused upgrade; fails when it is not refused. */
async function refusal(socket: WebSocket): Promise<number> {
  const [, response] = (await Promise.race([
    once(socket, 'unexpected-response'),
    once(socket, 'open').then(() => Promise.reject(new Error('the socket opened'))),
  ])) as [unknown, { statusCode: number; destroy(): void }]
  response.destroy()
  return response.statusCode
}

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, 'close')) as [number]
  return code
}

async function opened(headers: Record<string, string> = {}, protocols: string[] = []): Promise<WebSocket> {
  const socket = server.socket(PATH, { cookie, origin: server.origin, ...headers }, protocols)
  await once(socket, 'open')
  return socket
}

/** The whole document comes as one message: proof that the server still serves. */
async function answers(socket: WebSocket): Promise<boolean> {
  const whole = new Promise<boolean>((resolve) => {
    socket.on('message', (message: Buffer) => {
      if (message.length > 10_000) resolve(true)
    })
  })
  socket.send(syncStep1Message(EMPTY_STATE))
  return await whole
}

describe('the upgrade', () => {
  test.each([
    ['of another site', 'https://evil.example'],
    ['null', 'null'],
    ['with our host as a part of its name', 'SELF.evil.example'],
    ['with our host as user name', 'SELF@evil.example'],
    ['on another port', 'http://127.0.0.1:1'],
  ])('from an origin %s is refused', async (_what, origin) => {
    const socket = server.socket(PATH, { cookie, origin: origin.replace('SELF', server.origin) })
    expect(await refusal(socket)).toBe(403)
  })

  test('without an origin is refused', async () => {
    expect(await refusal(server.socket(PATH, { cookie }))).toBe(403)
  })

  test('without a session is refused; our own client is told by close code', async () => {
    const stranger = { origin: server.origin, cookie: `dongbo=${'A'.repeat(43)}` }
    expect(await refusal(server.socket(PATH, stranger))).toBe(401)
    const own = server.socket(PATH, stranger, [SUBPROTOCOL])
    expect(await closeCode(own)).toBe(CLOSE_CODES['signed-out'].code)
  })

  test('agrees on our subprotocol when it is offered, and on none else', async () => {
    const [own, stock] = await Promise.all([opened({}, ['other', SUBPROTOCOL]), opened()])
    expect(own.protocol).toBe(SUBPROTOCOL)
    expect(stock.protocol).toBe('')
    expect(own.extensions).toBe('')
    own.close()
    stock.close()
  })
})

describe('a document', () => {
  test.each(['matrix/no-such-plan', 'matrix/..%2Fkh-2026', 'calendar/kh-2026', 'nonsense/kh-2026', 'matrix/__proto__'])(
    '%s is closed as not there',
    async (name) => {
      const socket = server.socket(`/sync/${name}`, { cookie, origin: server.origin })
      expect(await closeCode(socket)).toBe(CLOSE_CODES['no-such-document'].code)
    },
  )

  test('opens for a member', async () => {
    const socket = await opened()
    expect(await answers(socket)).toBe(true)
    socket.close()
  })
})

describe('who comes back with a copy', () => {
  /** What a socket hears until it is closed or hears of presence: types, or its welcome. */
  const first = async (path: string): Promise<{ readonly heard: readonly Heard[]; readonly code: number | null }> => {
    const socket = server.socket(path, { cookie, origin: server.origin }, [SUBPROTOCOL])
    const heard: Heard[] = []
    return await new Promise((resolve) => {
      socket.on('close', (code: number) => resolve({ heard, code }))
      socket.on('message', (data: Buffer) => {
        const message = readServerMessage(new Uint8Array(data))
        heard.push(message)
        if (message.type !== 'presence') return
        socket.close()
        resolve({ heard, code: null })
      })
    })
  }

  test('is welcomed before anything else, with the id that the copy was written under', async () => {
    const { heard } = await first(PATH)
    const [welcome] = heard
    if (welcome?.type !== 'welcome') throw new Error(`heard ${welcome?.type} first`)
    const again = await first(`${PATH}?generation=${welcome.generation}&client=123456`)
    expect(again.heard[0]).toEqual({ type: 'welcome', generation: welcome.generation, clientId: 123_456 })
  })

  test('of another history is told so and nothing else', async () => {
    expect(await first(`${PATH}?generation=from-before`)).toEqual({ heard: [], code: CLOSE_CODES.generation.code })
  })

  test.each(['client=0', 'client=abc', 'client=1&client=2', 'generation='])(
    '%s: no client of ours says that',
    async (query) => {
      expect(await first(`${PATH}?${query}`)).toEqual({ heard: [], code: CLOSE_CODES['bad-frame'].code })
    },
  )
})

describe('what is no message', () => {
  const nonsense: readonly (readonly [string, string | Uint8Array, number])[] = [
    ['a text frame', 'hello', CLOSE_CODES['bad-frame'].code],
    ['garbage', new Uint8Array([9, 9, 9, 9]), CLOSE_CODES['bad-frame'].code],
    ['nothing', new Uint8Array(0), CLOSE_CODES['bad-frame'].code],
    ['a frame beyond the limit', new Uint8Array(1_100_000), 1009],
  ]

  test.each(nonsense)('%s closes that socket and no other', async (_what, frame, code) => {
    const bystander = await opened()
    const socket = await opened()
    const closed = closeCode(socket)
    // Sent at once, so that it comes while the document is still being opened, too.
    socket.send(frame)
    expect(await closed).toBe(code)
    expect(await answers(bystander)).toBe(true)
    bystander.close()
  })

  test('who floods before the document is open is cut off', async () => {
    const socket = server.socket(PATH, { cookie, origin: server.origin })
    socket.once('open', () => {
      for (let count = 0; count < 5_000; count++) socket.send(syncStep1Message(EMPTY_STATE))
    })
    expect(await closeCode(socket)).toBe(CLOSE_CODES['slow-down'].code)
  })
})
