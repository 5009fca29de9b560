import { expect, test } from 'vitest'
import { instant } from '@dongbo/kernel/clock.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { DOCUMENT_GROWTH_BYTES, RATE_WINDOW_MESSAGES } from '@dongbo/protocol/limits.ts'
import { Budget } from './budget.ts'
import { Growth } from './growth.ts'

const ONE = trustedId<PersonId>('one')
const OTHER = trustedId<PersonId>('other')
const HOUR_MS = 3_600_000
const now = instant(Date.UTC(2026, 10, 24))

test('who has filled a document waits, the others write on until it has grown twice as much', () => {
  const growth = new Growth()
  growth.grow(ONE, DOCUMENT_GROWTH_BYTES, now)
  expect([growth.mayGrow(ONE, now), growth.mayGrow(OTHER, now)]).toEqual([false, true])
  growth.grow(null, DOCUMENT_GROWTH_BYTES, now)
  expect(growth.mayGrow(OTHER, now)).toBe(false)
})

test('a clock that is set back an hour keeps nobody waiting for an hour', () => {
  const growth = new Growth()
  growth.grow(ONE, DOCUMENT_GROWTH_BYTES, now)
  const budget = Budget.ofSocket(now)
  for (let messages = 0; messages <= RATE_WINDOW_MESSAGES; messages++) budget.receives(1, false, now)
  const before = instant(now - HOUR_MS)
  expect([growth.mayGrow(ONE, before), budget.receives(1, false, before)]).toEqual([true, true])
})
