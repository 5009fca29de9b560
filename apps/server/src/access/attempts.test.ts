import { instant, type Clock } from '@dongbo/kernel/clock.ts'
import { expect, test } from 'vitest'
import { limitedAttempts } from './attempts.ts'

function stillClock() {
  let now = 0
  const clock: Clock = { now: () => instant(now), after: () => () => undefined }
  return {
    clock,
    advance(ms: number) {
      now += ms
    },
  }
}

const ALLOWANCE = { burst: 3, oneMoreAfterMs: 1_000 }

test('a burst, then one more after each interval, and never shut out for good', () => {
  const time = stillClock()
  const attempts = limitedAttempts(ALLOWANCE, time.clock)
  expect([1, 2, 3].map(() => attempts.take('a'))).toEqual([0, 0, 0])
  expect(attempts.take('a')).toBe(1_000)
  // Asking too early is not counted: an impatient person does not push his own turn away.
  for (let count = 0; count < 100; count++) attempts.take('a')
  time.advance(400)
  expect(attempts.take('a')).toBe(600)
  time.advance(600)
  expect(attempts.take('a')).toBe(0)
  expect(attempts.take('a')).toBe(1_000)
  time.advance(60_000)
  expect([1, 2, 3, 4].map(() => attempts.take('a'))).toEqual([0, 0, 0, 1_000])
})

test('keys do not share, and what was no guess is given back', () => {
  const time = stillClock()
  const attempts = limitedAttempts(ALLOWANCE, time.clock)
  for (let count = 0; count < 10; count++) {
    expect(attempts.take('a')).toBe(0)
    attempts.refund('a')
  }
  for (let count = 0; count < 3; count++) attempts.take('b')
  expect(attempts.take('b')).toBeGreaterThan(0)
  expect(attempts.take('a')).toBe(0)
})

test('a flood of keys does not fill the memory, and does not free the busiest', () => {
  const time = stillClock()
  const attempts = limitedAttempts(ALLOWANCE, time.clock)
  for (let count = 0; count < 50_000; count++) attempts.take(`address ${count}`)
  for (let count = 0; count < 3; count++) attempts.take('late')
  expect(attempts.take('late')).toBeGreaterThan(0)
})
