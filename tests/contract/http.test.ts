import { PROBLEMS, problemSchema } from '@dongbo/api/problem.ts'
import { ROUTES } from '@dongbo/api/routes.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoServer, type DemoServer } from './demoServer.ts'

/** The sync protocol where no WebSocket gets through: its bodies are bytes, so the web app has no schema of them. */
const PLAIN_REQUESTS = [
  'POST /api/sync/open/:kind/:id',
  'POST /api/sync/seats/:seat/down',
  'POST /api/sync/seats/:seat/up',
  'POST /api/sync/seats/:seat/close',
]

let server: DemoServer

beforeAll(async () => {
  server = await demoServer({ METRICS_TOKEN: 'a token of some length' })
})
afterAll(async () => {
  await server.stop()
})

describe('errors', () => {
  const failing = [
    { what: 'an address that is none', method: 'GET', url: '/api/nothing-here', status: 404, code: 'not-found' },
    { what: 'an address of sockets', method: 'GET', url: '/sync/matrix/kh-2026', status: 403, code: 'foreign-origin' },
    { what: 'a method that does not fit', method: 'GET', url: '/api/sign-in', status: 405, code: 'method-not-allowed' },
    { what: 'another such', method: 'DELETE', url: '/api/me', status: 405, code: 'method-not-allowed' },
    { what: 'no session', method: 'GET', url: '/api/me', status: 401, code: 'not-signed-in' },
    {
      what: 'a body that is no JSON',
      method: 'POST',
      url: '/api/sign-in',
      payload: '{',
      status: 400,
      code: 'bad-request',
    },
    {
      what: 'a body of another kind',
      method: 'POST',
      url: '/api/sign-in',
      payload: '[]',
      status: 400,
      code: 'bad-request',
    },
    {
      what: 'too large a body',
      method: 'POST',
      url: '/api/sign-in',
      payload: JSON.stringify({ email: 'x'.repeat(100_000) }),
      status: 413,
      code: 'too-large',
    },
    { what: 'a broken address', method: 'GET', url: '/api/plans/%', status: 400, code: 'bad-request' },
  ] as const

  test.each(failing)('$what: $status $code, in both languages', async ({ method, url, status, code, ...rest }) => {
    for (const [accepted, language] of [
      ['vi-VN,vi;q=0.9,en;q=0.8', 'vi'],
      ['en-GB,en;q=0.9,vi;q=0.1', 'en'],
      [undefined, 'vi'],
      ['fr', 'vi'],
    ] as const) {
      const response = await server.app.inject({
        method,
        url,
        headers: {
          ...(accepted === undefined ? {} : { 'accept-language': accepted }),
          ...('payload' in rest ? { 'content-type': 'application/json' } : {}),
        },
        ...('payload' in rest ? { payload: rest.payload } : {}),
      })
      expect(response.statusCode).toBe(status)
      expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8')
      expect(response.headers['cache-control']).toBe('no-store')
      const problem = problemSchema.parse(response.json())
      expect(problem).toMatchObject({ status, code, detail: PROBLEMS[code][language] })
      expect(problem.requestId).not.toBe('')
    }
  })

  test('what is wrong with a field is said in the reader’s language, without repeating the value', async () => {
    const ask = async (language: string) =>
      await server.app.inject({
        method: 'POST',
        url: '/api/sign-in',
        headers: { 'accept-language': language },
        payload: { email: 'không-phải-thư', password: 12 },
      })
    const [vi, en] = await Promise.all([ask('vi'), ask('en')])
    expect(vi.json().fields).toEqual([
      { path: 'email', message: 'địa chỉ email không hợp lệ' },
      { path: 'password', message: 'Thiếu, hoặc không đúng kiểu.' },
    ])
    expect(en.json().fields).toEqual([
      { path: 'email', message: 'Invalid email address' },
      { path: 'password', message: 'Missing, or of the wrong type.' },
    ])
    expect(vi.body).not.toContain('không-phải-thư')
  })

  test('405 says which methods fit', async () => {
    expect((await server.app.inject({ method: 'PUT', url: '/api/sign-in' })).headers['allow']).toBe('POST')
  })
})

describe('the contract', () => {
  test('the description holds every route, with its answer and its errors', async () => {
    const { paths } = (await server.app.inject({ url: '/api/openapi.json' })).json()
    const described = Object.entries<object>(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const routes = [...ROUTES.map(({ method, path }) => `${method} ${path}`), ...PLAIN_REQUESTS]
    const expected = routes.map((route) => route.replaceAll(/:(\w+)/g, '{$1}'))
    expect(described.toSorted()).toEqual(expected.toSorted())
    for (const methods of Object.values<Record<string, { responses: object; summary: string }>>(paths)) {
      for (const { responses, summary } of Object.values(methods)) {
        expect(Object.keys(responses)).toEqual([expect.stringMatching(/^20[04]$/), 'default'])
        expect(summary).not.toBe('')
      }
    }
  })

  test('the plan shows its columns in protocol order, ended bodies included, and its days off', async () => {
    const cookie = await server.signIn('coordinator')
    const view = (await server.app.inject({ url: '/api/plans/kh-2026', headers: { cookie } })).json()
    expect(view).toMatchObject({ id: 'kh-2026', role: 'coordinator', status: 'amended', year: 2026 })
    expect(view.bodies).toHaveLength(56)
    expect(view.bodies[0].id).toBe('bvhttdl')
    expect(view.bodies.find((one: { id: string }) => one.id === 'stttt')).toMatchObject({
      validTo: '2025-02-28',
      successorIds: ['svhtt', 'skhcn'],
    })
    expect(view.daysOff).toHaveLength(12)
    expect(view.daysOff.at(-1)).toEqual({
      date: '2026-11-24',
      nameVi: 'Ngày Văn hóa Việt Nam',
      nameEn: 'Viet Nam Culture Day',
    })
  })

  test('the administrator observes, the coordinator coordinates', async () => {
    const roles = await Promise.all(
      ['admin', 'coordinator', 'svhtt.approver'].map(async (account) => {
        const cookie = await server.signIn(account)
        const profile = (await server.app.inject({ url: '/api/me', headers: { cookie } })).json()
        return [profile.plans[0].role, profile.rights.systemAdmin, profile.person.kind]
      }),
    )
    expect(roles).toEqual([
      ['observer', true, 'officer'],
      ['coordinator', false, 'officer'],
      ['member', false, 'approver'],
    ])
  })
})

describe('operations', () => {
  test('alive and ready', async () => {
    expect((await server.app.inject('/healthz')).json()).toEqual({ alive: true })
    expect((await server.app.inject('/readyz')).json()).toEqual({ ready: true })
  })

  test('figures are for this machine, or for who has the token', async () => {
    const ask = async (remoteAddress: string, headers: Record<string, string> = {}) =>
      (await server.app.inject({ url: '/metrics', remoteAddress, headers })).statusCode
    expect(await ask('127.0.0.1')).toBe(200)
    expect(await ask('::1')).toBe(200)
    expect(await ask('127.0.0.1', { 'x-forwarded-for': '203.0.113.7' })).toBe(404)
    expect(await ask('203.0.113.7')).toBe(404)
    expect(await ask('203.0.113.7', { authorization: 'Bearer a token of some other length' })).toBe(404)
    expect(await ask('203.0.113.7', { authorization: 'Bearer a token of some length' })).toBe(200)
  })

  test('figures name rooms, sockets and commits', async () => {
    const text = (await server.app.inject('/metrics')).body
    for (const name of ['dongbo_rooms', 'dongbo_sockets', 'dongbo_log_commits_total', 'dongbo_http_request_seconds']) {
      expect(text).toContain(`\n${name}`)
    }
  })
})

describe('headers', () => {
  test('nothing inline, nothing from elsewhere, no frame around us', async () => {
    const policy = String((await server.app.inject('/healthz')).headers['content-security-policy'])
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(policy).not.toContain('upgrade-insecure-requests')
  })

  test('behind TLS the cookie is bound to the host and the connection', async () => {
    const secure = await demoServer({ PUBLIC_URL: 'https://dongbo.example' })
    const response = await secure.app.inject({
      method: 'POST',
      url: '/api/sign-in',
      headers: { origin: 'https://dongbo.example' },
      payload: { email: 'coordinator@demo.dongbo', password: 'Dongbo-2026!' },
    })
    expect(response.headers['set-cookie']).toMatch(
      /^__Host-dongbo=[\w-]{43}; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(response.headers['strict-transport-security']).toContain('max-age=')
    await secure.stop()
  })
})
