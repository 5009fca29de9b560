import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'
import { expect, test } from 'vitest'
import { TASK_VALUES } from './fields.ts'

const { accepts } = TASK_VALUES.order

test('an order key is taken exactly when a row can be put beside it', () => {
  const made = [
    ...generateNKeysBetween(null, null, 200),
    generateKeyBetween('a0', 'a1'),
    generateKeyBetween(null, 'a0'),
  ]
  const tricks = [
    '',
    'a',
    'z',
    'zz',
    'a00',
    'a0V0',
    'b0',
    'A',
    `A${'0'.repeat(26)}`,
    `A${'0'.repeat(26)}V`,
    'Z',
    'Zz',
    '0',
  ]
  for (const key of [...made, ...tricks]) {
    let usable = true
    try {
      generateKeyBetween(key, null)
      generateKeyBetween(null, key)
    } catch {
      // The package's way of saying that it is no key.
      usable = false
    }
    expect(accepts(key), JSON.stringify(key)).toBe(usable)
  }
  // The package does not look at every letter.
  expect(['a!', 'aé', 'a 1', 'a1 '].some((key) => accepts(key))).toBe(false)
  expect(made.every((key) => accepts(key))).toBe(true)
})
