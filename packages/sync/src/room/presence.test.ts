import { describe, expect, test } from 'vitest'
import { CURSOR_LIMIT_UNITS, PRESENCE_FRAME_LIMIT_BYTES, PRESENCE_RENEWAL_MS } from '@dongbo/protocol/limits.ts'
import { coordinator, CULTURE, person, TOURISM } from '@dongbo/testkit/people.ts'
import { House, type Heard, type Seat } from '@dongbo/testkit/seats.ts'

const WINDOW_MS = 60
const cursor = (state: object): string => JSON.stringify({ cursor: state })

type PresenceState = {
  readonly user: { readonly personId: string; readonly name: string; readonly bodyId: string }
  readonly cursor: unknown
} | null

function presenceIn(heard: readonly Heard[]): { id: number; state: PresenceState }[] {
  return heard.flatMap((message) =>
    message.type === 'presence' ? message.states.map(({ id, state }) => ({ id, state: state as PresenceState })) : [],
  )
}

async function two(): Promise<{ house: House; me: Seat; other: Seat }> {
  const house = new House()
  const document = await house.create()
  const me = await house.enter(document, person())
  const other = await house.enter(document, coordinator())
  house.clock.advance(WINDOW_MS)
  me.take()
  other.take()
  return { house, me, other }
}

describe('who is here is what the session says (fault 47)', () => {
  test('a newcomer hears everybody, everybody hears the newcomer', async () => {
    const house = new House()
    const document = await house.create()
    const first = await house.enter(document, person())
    house.clock.advance(WINDOW_MS)
    first.take()
    const second = await house.join(document, coordinator())
    expect(presenceIn(second.take()).map(({ state }) => state?.user)).toEqual([
      { personId: person().personId, name: person().displayName, bodyId: TOURISM },
    ])
    house.clock.advance(WINDOW_MS)
    expect(presenceIn(first.take()).map(({ state }) => state?.user.bodyId)).toEqual([CULTURE])
  })

  test('name and body come from the session, whatever the browser claims; only the cursor is its own', async () => {
    const { house, me, other } = await two()
    const claim = {
      user: { personId: 'minister', name: 'Bộ trưởng', bodyId: CULTURE },
      cursor: { task: 'NV-I-1', field: 'titleVi' },
    }
    me.sendPresence([{ id: 42, clock: 1, state: JSON.stringify(claim) }])
    house.clock.advance(WINDOW_MS)
    const [told] = presenceIn(other.take())
    expect(told?.state).toEqual({
      user: { personId: person().personId, name: person().displayName, bodyId: TOURISM },
      cursor: { task: 'NV-I-1', field: 'titleVi' },
    })
    expect(told?.id, 'the id is the server’s').not.toBe(42)
  })

  test('a forged state of another, a removal of another and an echo are ignored', async () => {
    const { house, me, other } = await two()
    me.sendPresence([{ id: 42, clock: 1, state: cursor({ task: 'A' }) }])
    house.clock.advance(WINDOW_MS)
    const victim = presenceIn(other.take())[0]?.id ?? 0
    me.take()
    other.sendPresence([
      { id: 7, clock: 1, state: cursor({ task: 'B' }) },
      { id: victim, clock: 2 ** 40, state: cursor({ task: 'C' }) },
      { id: victim, clock: 2 ** 41, state: 'null' },
      { id: 8, clock: 1, state: cursor({ task: 'D' }) },
    ])
    house.clock.advance(WINDOW_MS)
    const heard = presenceIn(me.take())
    expect(heard.map(({ state }) => state?.user.bodyId)).toEqual([CULTURE])
    expect(heard[0]?.state?.cursor).toEqual({ task: 'B' })
    other.take()
    // The victim still speaks for himself.
    me.sendPresence([{ id: 42, clock: 2, state: cursor({ task: 'E' }) }])
    house.clock.advance(WINDOW_MS)
    expect(presenceIn(other.take()).map(({ id, state }) => [id, state?.cursor])).toEqual([[victim, { task: 'E' }]])
  })

  test('hundreds of ghosts in one frame are nobody', async () => {
    const { house, me, other } = await two()
    me.sendPresence(Array.from({ length: 500 }, (_, i) => ({ id: i + 1, clock: 1, state: cursor({ i }) })))
    house.clock.advance(WINDOW_MS)
    expect(presenceIn(other.take())).toHaveLength(1)
  })

  test('gone at once when the socket leaves, however it left', async () => {
    const { me, other } = await two()
    me.leave()
    expect(presenceIn(other.take()).map(({ state }) => state)).toEqual([null])
  })

  test('gone at once when the server closes the socket', async () => {
    const { me, other } = await two()
    me.send(Uint8Array.of(99))
    expect(me.closed).toBe('bad-frame')
    expect(presenceIn(other.take()).map(({ state }) => state)).toEqual([null])
  })
})

describe('cursors', () => {
  test.each([
    ['nested', JSON.stringify({ cursor: { a: { b: 1 } } })],
    ['a list', JSON.stringify({ cursor: [1] })],
    ['with a key of its own kind', JSON.stringify({ cursor: { 'a-b': 1 } })],
    ['with too many keys', cursor(Object.fromEntries(Array.from('abcdefghijklm', (key) => [key, 1])))],
    ['too long', cursor({ task: 'x'.repeat(CURSOR_LIMIT_UNITS) })],
    ['five thousand deep', `{"cursor":${'['.repeat(500)}${']'.repeat(500)}}`],
    ['no JSON', '{cursor'],
    ['an own prototype', '{"cursor":{"__proto__":{"x":1}}}'],
  ])('%s: told as none, and the socket stays', async (_what, state) => {
    const { house, me, other } = await two()
    me.sendPresence([{ id: 42, clock: 1, state: cursor({ task: 'A' }) }])
    house.clock.advance(WINDOW_MS)
    other.take()
    me.sendPresence([{ id: 42, clock: 2, state }])
    house.clock.advance(WINDOW_MS)
    expect(presenceIn(other.take()).map((told) => told.state?.cursor)).toEqual([null])
    expect(me.closed).toBeNull()
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('x')
  })

  test('many moves within a moment are told as the last one', async () => {
    const { house, me, other } = await two()
    for (let clock = 1; clock <= 20; clock++) me.sendPresence([{ id: 42, clock, state: cursor({ at: clock }) }])
    house.clock.advance(WINDOW_MS)
    const told = other.take().filter(({ type }) => type === 'presence')
    expect(told).toHaveLength(1)
    expect(presenceIn(told).map(({ state }) => state?.cursor)).toEqual([{ at: 20 }])
    me.sendPresence([{ id: 42, clock: 21, state: cursor({ at: 20 }) }])
    me.sendPresence([{ id: 42, clock: 5, state: cursor({ at: 1 }) }])
    house.clock.advance(WINDOW_MS)
    expect(presenceIn(other.take()), 'nothing has changed').toEqual([])
  })

  test('a frame larger than any presence closes that socket', async () => {
    const { me, other } = await two()
    me.sendPresence([{ id: 42, clock: 1, state: 'x'.repeat(PRESENCE_FRAME_LIMIT_BYTES) }])
    expect([me.closed, other.closed]).toEqual(['bad-frame', null])
  })

  test('everybody is said again before clients forget him', async () => {
    const { house, me, other } = await two()
    house.clock.advance(PRESENCE_RENEWAL_MS + 1)
    for (const seat of [me, other]) {
      const bodies = presenceIn(seat.take()).map(({ state }) => state?.user.bodyId)
      expect(new Set(bodies)).toEqual(new Set([TOURISM, CULTURE]))
    }
  })
})
