import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { body, person } from '@dongbo/db/schema.ts'
import { DEMO_PASSWORD } from '@dongbo/demo/demoAccounts.ts'
import { openSeatPath, seatPath } from '@dongbo/protocol/longPoll.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoServer, type DemoServer } from '../contract/demoServer.ts'

/** `member` writes in the plan, `observer` reads it, `other` is signed in and has no part in it. */
const READERS = ['nobody', 'member', 'observer', 'other'] as const
type Reader = (typeof READERS)[number]

interface Case {
  /** An address for the route's path. */
  readonly url?: string
  readonly payload?: object
  /** Whether the route ends the session it is called with. */
  readonly endsSession?: true
  readonly expected: Readonly<Record<Reader, number>>
}

const EVERYBODY = { nobody: 200, member: 200, observer: 200, other: 200 } as const

/** One line a route; a route without a line fails the sweep. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  'POST /api/sign-in': [
    { payload: { email: 'sdl.officer@demo.dongbo', password: DEMO_PASSWORD }, expected: EVERYBODY, endsSession: true },
  ],
  'POST /api/sign-out': [{ endsSession: true, expected: { nobody: 401, member: 200, observer: 200, other: 200 } }],
  'GET /api/sign-in/bodies': [{ expected: EVERYBODY }],
  'GET /api/me': [{ expected: { nobody: 401, member: 200, observer: 200, other: 200 } }],
  'GET /api/plans/:planId': [
    { url: '/api/plans/kh-2026', expected: { nobody: 401, member: 200, observer: 200, other: 404 } },
    { url: '/api/plans/no-such-plan', expected: { nobody: 401, member: 404, observer: 404, other: 404 } },
  ],
  'GET /api/openapi.json': [{ expected: EVERYBODY }],
}

/** Addresses with a sweep of their own, or none because they tell everybody the same: where each is tried. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'POST /api/sync/open/:kind/:id': 'below',
  'POST /api/sync/seats/:seat/up': 'below',
  'POST /api/sync/seats/:seat/down': 'below',
  'POST /api/sync/seats/:seat/close': 'below',
  'GET /sync/:kind/:id': 'socketStory.ts',
  'GET /healthz': 'http.test.ts',
  'GET /readyz': 'http.test.ts',
  'GET /metrics': 'http.test.ts',
  'GET /*': 'webApp.test.ts',
}

let server: DemoServer
/** What the server serves, as its framework heard of it. */
const served = new Set<string>()
const cookies = new Map<Reader, string>()

async function cookieOf(reader: Reader): Promise<string | undefined> {
  if (reader === 'nobody') return undefined
  const account = { member: 'svhtt.officer', observer: 'admin', other: 'outsider' }[reader]
  const cookie = cookies.get(reader) ?? (await server.signIn(account))
  cookies.set(reader, cookie)
  return cookie
}

/** The framework tells of every server that it begins, before that has a route. */
function listenForRoutes(message: unknown): void {
  const { fastify } = message as { readonly fastify: DemoServer['app'] }
  fastify.addHook('onRoute', ({ method, url }) => {
    // What answers a HEAD is the GET itself.
    for (const one of [method].flat()) if (one !== 'HEAD') served.add(`${one} ${url}`)
  })
}

beforeAll(async () => {
  subscribe('fastify.initialization', listenForRoutes)
  server = await demoServer()
  unsubscribe('fastify.initialization', listenForRoutes)
  const { database } = server.connection
  const [template] = await database.select().from(person)
  if (template === undefined) throw new Error('the demo has people')
  await database.insert(body).values({
    id: 'elsewhere',
    kind: 'city_department',
    nameVi: 'Cơ quan ngoài kế hoạch',
    nameEn: 'A body outside the plan',
    abbr: 'NKH',
    successorIds: [],
    position: 999,
  })
  await database
    .insert(person)
    .values({ ...template, id: 'outsider', bodyId: 'elsewhere', email: 'outsider@demo.dongbo', systemAdmin: false })
})
afterAll(async () => {
  await server.stop()
})

test('every route has a case, and every case a route', () => {
  expect([...Object.keys(CASES), ...Object.keys(ELSEWHERE)].toSorted()).toEqual([...served].toSorted())
})

describe.each(
  Object.entries(CASES).flatMap(([route, cases]) =>
    cases.flatMap((one) => READERS.map((reader) => ({ route, one, reader, status: one.expected[reader] }))),
  ),
)('$route', ({ route, one, reader, status }) => {
  test(`${one.url ?? ''} answers ${reader} with ${status}`, async () => {
    const [method = '', path = ''] = route.split(' ')
    const cookie = await cookieOf(reader)
    const response = await server.app.inject({
      method: method === 'POST' ? 'POST' : 'GET',
      url: one.url ?? path,
      headers: cookie === undefined ? {} : { cookie },
      ...(one.payload === undefined ? {} : { payload: one.payload }),
    })
    if (one.endsSession === true) cookies.delete(reader)
    expect(response.statusCode).toBe(status)
    if (status < 400) return
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json()).toMatchObject({ status })
  })
})

describe('the sync protocol over plain requests', () => {
  const post = async (url: string, cookie: string | undefined) =>
    await server.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/octet-stream', ...(cookie === undefined ? {} : { cookie }) },
      payload: Buffer.alloc(0),
    })

  test.each([
    ['nobody', 401],
    ['member', 200],
    ['observer', 200],
    // Whether there is such a document is said inside, by a close code.
    ['other', 200],
  ] as const)('%s opens a seat with %i', async (reader, status) => {
    expect((await post(openSeatPath('matrix/kh-2026'), await cookieOf(reader))).statusCode).toBe(status)
  })

  test.each(['up', 'down', 'close'] as const)('%s of a seat is for whoever opened it', async (act) => {
    const seat = (await post(openSeatPath('matrix/kh-2026'), await cookieOf('member'))).body
    const answers = await Promise.all(
      READERS.map(async (reader) => (await post(seatPath(seat, act), await cookieOf(reader))).statusCode),
    )
    expect(answers).toEqual([401, act === 'down' ? 200 : 204, 404, 404])
  })
})

test('a plan that is not for the reader looks like one that does not exist', async () => {
  const cookie = (await cookieOf('other')) ?? ''
  const [forbidden, missing] = await Promise.all(
    ['kh-2026', 'no-such-plan'].map((id) => server.app.inject({ url: `/api/plans/${id}`, headers: { cookie } })),
  )
  const shown = (response: typeof forbidden) => ({ ...response?.json(), requestId: '' })
  expect(shown(forbidden)).toEqual(shown(missing))
})
