// Real timers and the processor's own account: how long an answer takes is part of what it tells.
import { person, planBody, session } from '@dongbo/db/schema.ts'
import { DEMO_PASSWORD } from '@dongbo/demo/demoAccounts.ts'
import { SUBPROTOCOL } from '@dongbo/protocol/messages.ts'
import { eq } from 'drizzle-orm'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoServer, type DemoServer } from '../contract/demoServer.ts'
import { middleOfThree } from '../contract/middleOfThree.ts'

let server: DemoServer

beforeAll(async () => {
  server = await demoServer()
  await server.listen()
})
afterAll(async () => {
  await server.stop()
})

async function signIn(email: string, password: string, headers: Record<string, string> = {}) {
  return await server.app.inject({ method: 'POST', url: '/api/sign-in', payload: { email, password }, headers })
}

async function me(cookie: string) {
  return await server.app.inject({ url: '/api/me', headers: { cookie } })
}

describe('credentials', () => {
  test('the right ones open a session and say who one is', async () => {
    const response = await signIn('SVHTT.Officer@demo.dongbo', DEMO_PASSWORD)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({
      person: { displayName: 'Chuyên viên Sở VH&TT', kind: 'officer' },
      body: { id: 'svhtt' },
      rights: { systemAdmin: false, bodyValid: true },
      plans: [{ id: 'kh-2026', role: 'member', status: 'amended' }],
      today: '2026-11-23',
      demo: true,
    })
    expect(response.headers['set-cookie']).toMatch(/^dongbo=[\w-]{43}; .*HttpOnly; SameSite=Lax$/)
    expect(response.headers['cache-control']).toBe('no-store')
  })

  test('people of a body that has ended read and do not write', async () => {
    const cookie = await server.signIn('stttt.officer')
    expect((await me(cookie)).json()).toMatchObject({ rights: { bodyValid: false } })
  })

  test('a wrong password and an unknown account look the same and take alike', async () => {
    const emails = ['sct.officer@demo.dongbo', 'nobody.officer@demo.dongbo']
    const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    const shown: object[] = []
    // In turns, and by the processor's time, of which a busy machine does not take away: the least is the work itself.
    for (let round = 0; round < 5; round++) {
      for (const [index, email] of emails.entries()) {
        const before = process.cpuUsage()
        const response = await signIn(email, 'not the password')
        const { user, system } = process.cpuUsage(before)
        least[index] = Math.min(least[index] ?? 0, user + system)
        shown[index] = { ...response.json(), requestId: '', cookies: response.cookies }
      }
    }
    expect(shown[1]).toEqual(shown[0])
    expect(shown[1]).toMatchObject({ status: 401, code: 'wrong-credentials' })
    // Hashing is nearly all of the work: an answer without it would cost a tenth.
    const [wrong = 0, unknown = 0] = least
    expect(unknown).toBeGreaterThan(wrong / 3)
    expect(unknown).toBeLessThan(wrong * 3)
  })

  test('a disabled account is told so only with the right password', async () => {
    const email = 'snv.officer@demo.dongbo'
    const { database } = server.connection
    await database.update(person).set({ active: false }).where(eq(person.email, email))
    expect((await signIn(email, 'guess')).json()).toMatchObject({ code: 'wrong-credentials' })
    expect((await signIn(email, DEMO_PASSWORD)).json()).toMatchObject({ status: 403, code: 'account-disabled' })
  })

  test('guessing is slowed for that account at that place, and for nobody else', async () => {
    const email = 'sxd.officer@demo.dongbo'
    const codes: unknown[] = []
    for (let round = 0; round < 7; round++) codes.push((await signIn(email, `guess ${round}`)).json().code)
    expect(codes).toEqual([...Array.from({ length: 6 }, () => 'wrong-credentials'), 'slow-down'])
    const held = await signIn(email, DEMO_PASSWORD)
    expect(held.statusCode).toBe(429)
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(held.headers['retry-after'])).toBeLessThanOrEqual(180)
    expect((await signIn('sxd.approver@demo.dongbo', DEMO_PASSWORD)).statusCode).toBe(200)
  })

  test('bad input is named by field', async () => {
    const response = await signIn('no address', '')
    expect(response.statusCode).toBe(400)
    expect(
      response
        .json()
        .fields.map((field: { path: string }) => field.path)
        .toSorted(),
    ).toEqual(['email', 'password'])
  })
})

describe('sessions', () => {
  test('each sign-in has a token of its own, and ends the session it came with', async () => {
    const first = await server.signIn('sgddt.officer')
    const response = await signIn('sgddt.officer@demo.dongbo', DEMO_PASSWORD, { cookie: first })
    const second = `dongbo=${response.cookies[0]?.value}`
    expect(second).not.toBe(first)
    expect((await me(first)).statusCode).toBe(401)
    expect((await me(second)).statusCode).toBe(200)
  })

  test('the database does not hold what the browser holds', async () => {
    const cookie = await server.signIn('stc.officer')
    const rows = await server.connection.database.select().from(session)
    expect(JSON.stringify(rows)).not.toContain(cookie.split('=')[1])
  })

  test.each(['expiresAt', 'lastSeenAt'] as const)('a session is over by %s', async (column) => {
    const cookie = await server.signIn('skhcn.officer')
    expect((await me(cookie)).statusCode).toBe(200)
    const { database } = server.connection
    const longAgo = new Date(Date.now() - 24 * 3_600_000)
    await database
      .update(session)
      .set({ [column]: longAgo })
      .where(eq(session.personId, 'skhcn-officer'))
    const response = await me(cookie)
    expect(response.statusCode).toBe(401)
    expect(response.json()).toMatchObject({ code: 'not-signed-in' })
  })

  test('a made-up token opens nothing', async () => {
    for (const value of ['', 'x', 'A'.repeat(43), `${'A'.repeat(42)}%00`]) {
      expect((await me(`dongbo=${value}`)).statusCode).toBe(401)
    }
  })

  test('sign-out ends the session and closes its sockets within a second', async () => {
    const signInAndOut = async () => {
      const cookie = await server.signIn('sdl.officer')
      const socket = server.socket('/sync/matrix/kh-2026', { cookie, origin: server.origin })
      await once(socket, 'open')
      const closed = once(socket, 'close') as Promise<[number]>
      const response = await server.app.inject({ method: 'POST', url: '/api/sign-out', headers: { cookie } })
      expect(response.json()).toEqual({ signedOut: true })
      expect((await closed)[0]).toBe(4401)
      expect((await me(cookie)).statusCode).toBe(401)
    }
    expect(await middleOfThree(signInAndOut)).toBeLessThan(1_000)
  })

  test('a socket closes when its session expires, its person is disabled or its body leaves the plan', async () => {
    const { database } = server.connection
    const cookies = await Promise.all(['vtv', 'vov5', 'ttxvn'].map((id) => server.signIn(`${id}.officer`)))
    const sockets = cookies.map((cookie) =>
      server.socket('/sync/matrix/kh-2026', { cookie, origin: server.origin }, [SUBPROTOCOL]),
    )
    // The first message comes from the room: everybody is seated.
    await Promise.all(sockets.map((socket) => once(socket, 'message')))
    const closed = Promise.all(sockets.map(async (socket) => ((await once(socket, 'close')) as [number])[0]))
    await database.update(session).set({ expiresAt: new Date() }).where(eq(session.personId, 'vtv-officer'))
    await database.update(person).set({ active: false }).where(eq(person.id, 'vov5-officer'))
    await database.delete(planBody).where(eq(planBody.bodyId, 'ttxvn'))
    // Nobody tells the server: it has to find out. How soon is a matter of `watchRights`' intervals and the machine.
    expect(await closed).toEqual([4401, 4401, 4404])
  })
})

describe('other sites', () => {
  const payload = { email: 'hpa.officer@demo.dongbo', password: DEMO_PASSWORD }

  test.each([
    ['https://evil.example', undefined],
    ['null', undefined],
    ['http://localhost:80.evil.example', undefined],
    [undefined, 'cross-site'],
    [undefined, 'same-site'],
  ])('a request from origin %s, site %s is refused before anything happens', async (origin, site) => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/api/sign-in',
      headers: {
        host: 'localhost:80',
        ...(origin === undefined ? {} : { origin }),
        ...(site === undefined ? {} : { 'sec-fetch-site': site }),
      },
      payload,
    })
    expect(response.statusCode).toBe(403)
    expect(response.json()).toMatchObject({ code: 'foreign-origin' })
    expect(response.cookies).toEqual([])
  })

  test('with PUBLIC_URL only its pages may write, whatever the host is called', async () => {
    const secure = await demoServer({ PUBLIC_URL: 'https://dongbo.example' })
    try {
      const statuses: number[] = []
      for (const origin of ['https://dongbo.example', 'https://inner.example', 'http://inner.example']) {
        const headers = { host: 'inner.example', origin }
        const response = await secure.app.inject({ method: 'POST', url: '/api/sign-in', headers, payload })
        statuses.push(response.statusCode)
      }
      expect(statuses).toEqual([200, 403, 403])
    } finally {
      await secure.stop()
    }
  })

  test('our own page, and a program that is no browser, are served', async () => {
    for (const headers of [{ host: 'dongbo.example', origin: 'https://dongbo.example' }, {}]) {
      const response = await server.app.inject({ method: 'POST', url: '/api/sign-in', headers, payload })
      expect(response.statusCode).toBe(200)
    }
  })
})
