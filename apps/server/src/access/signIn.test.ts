import { body, person } from '@dongbo/db/schema.ts'
import type { Connection } from '@dongbo/db/connect.ts'
import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { manualClock } from '@dongbo/testkit/manualClock.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { networkOf } from './network.ts'
import type { Passwords } from './password.ts'
import { databaseSessions } from './sessions.ts'
import { signInDoor, type SignInDoor } from './signIn.ts'

const MINUTE_MS = 60_000
const PASSWORD = 'the right one'

/** Compares as they are: thousands of tries, and what is asked here is who may try. */
const plain: Passwords = {
  hash: async (password) => password,
  matches: async (password, stored) => password === stored,
}

let connection: Connection
let clock = manualClock()
let accounts = 0
let email = ''

beforeAll(async () => {
  connection = await embeddedDatabase()
  const names = { nameVi: 'Sở Du lịch', nameEn: 'Department of Tourism', abbr: 'SDL' }
  await connection.database
    .insert(body)
    .values({ id: 'sdl', kind: 'city_department', ...names, successorIds: [], position: 1 })
})
afterAll(async () => {
  await connection.close()
})
beforeEach(async () => {
  clock = manualClock()
  email = `officer${accounts}@sdl.example`
  await connection.database.insert(person).values({
    id: `officer${accounts++}`,
    bodyId: 'sdl',
    email,
    displayName: 'Chuyên viên',
    kind: 'officer',
    passwordHash: PASSWORD,
  })
})

function newDoor(passwords: Passwords = plain): SignInDoor {
  const { database } = connection
  return signInDoor(database, databaseSessions(database, clock, 30 * MINUTE_MS), passwords, clock)
}

async function outcomeOf(door: SignInDoor, password: string, address: string): Promise<string> {
  const outcome = await door.signIn({ email, password, address })
  return outcome.ok ? 'in' : outcome.error.because
}

/** Guesses until it is told to slow down. */
async function guessOn(door: SignInDoor, address: string): Promise<number> {
  for (let guesses = 0; ; guesses++) if ((await outcomeOf(door, 'a guess', address)) === 'slow-down') return guesses
}

test('one guesser who never rests keeps nobody out, wherever the person comes from', async () => {
  const door = newDoor()
  await guessOn(door, '203.0.113.6')
  const outcomes: string[] = []
  for (let minute = 0; minute < 300; minute++) {
    clock.advance(MINUTE_MS)
    for (let more = 0; more < 2; more++) await outcomeOf(door, 'a guess', '203.0.113.6')
    if (minute % 20 === 0) outcomes.push(await outcomeOf(door, PASSWORD, `198.51.100.${minute / 20}`))
  }
  expect(outcomes).toEqual(Array.from({ length: 15 }, () => 'in'))
})

test('a try that is refused at one count is not charged at another', async () => {
  const door = newDoor()
  expect(await guessOn(door, '203.0.113.6')).toBe(6)
  for (let more = 0; more < 1_000; more++) await outcomeOf(door, 'a guess', '203.0.113.6')
  const elsewhere: number[] = []
  for (const host of [1, 2, 3, 4]) elsewhere.push(await guessOn(door, `192.0.2.${host}`))
  // Twenty for the account in all; the last of them is held by the account, not by its place.
  expect(elsewhere).toEqual([6, 6, 2, 0])
})

test('many guessers together close the new places and leave the known ones open, also after a restart', async () => {
  const before = newDoor()
  expect(await outcomeOf(before, PASSWORD, '198.51.100.7')).toBe('in')
  const door = newDoor()
  for (let host = 0; host < 10; host++) await guessOn(door, `203.0.113.${host}`)
  expect(await outcomeOf(door, PASSWORD, '192.0.2.1')).toBe('slow-down')
  expect(await outcomeOf(door, PASSWORD, '198.51.100.7')).toBe('in')
  // Known is the person at that place, not the place.
  email = 'nobody@sdl.example'
  for (let host = 0; host < 10; host++) await guessOn(door, `203.0.113.${host}`)
  expect(await outcomeOf(door, PASSWORD, '198.51.100.7')).toBe('slow-down')
})

test('after a season a place is as new as any', async () => {
  const door = newDoor()
  expect(await outcomeOf(door, PASSWORD, '198.51.100.7')).toBe('in')
  clock.advance(91 * 24 * 60 * MINUTE_MS)
  expect(await outcomeOf(door, PASSWORD, '192.0.2.1')).toBe('in')
  for (let host = 0; host < 10; host++) await guessOn(door, `203.0.113.${host}`)
  expect(await outcomeOf(door, PASSWORD, '198.51.100.7')).toBe('slow-down')
})

test('all addresses of one IPv6 network are one guesser', async () => {
  const door = newDoor()
  expect(await guessOn(door, '2001:db8:1:2::1')).toBe(6)
  expect(await guessOn(door, '2001:db8:1:2:ffff::9')).toBe(0)
  expect(await guessOn(door, '2001:db8:1:3::1')).toBe(6)
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:DB8::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s belongs to %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('four passwords at once are checked and never more, also when a turn is handed on', async () => {
  let atOnce = 0
  let most = 0
  let checked = 0
  const waiting: (() => void)[] = []
  const door = newDoor({
    ...plain,
    async matches() {
      atOnce += 1
      most = Math.max(most, atOnce)
      await new Promise<void>((resolve) => waiting.push(resolve))
      atOnce -= 1
      checked += 1
      return true
    },
  })
  const tries: Promise<string>[] = []
  for (let count = 0; count < 16; count++) tries.push(outcomeOf(door, PASSWORD, `192.0.2.${count}`))
  let left = tries.length
  for (const one of tries) void one.then(() => (left -= 1))
  while (left > 0) {
    waiting.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect({ most, checked }).toEqual({ most: 4, checked: 16 })
})
