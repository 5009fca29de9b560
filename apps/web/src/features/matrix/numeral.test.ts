import { expect, test } from 'vitest'
import { nextCode, romanNumeral } from './numeral.ts'

test.each([
  [1, 'I'],
  [4, 'IV'],
  [9, 'IX'],
  [14, 'XIV'],
  [48, 'XLVIII'],
])('%i is %s', (number, numeral) => {
  expect(romanNumeral(number)).toBe(numeral)
})

test('a new task takes the number behind the highest, also when one was removed', () => {
  expect(nextCode('II', ['II.1', 'II.9', 'II.3'])).toBe('II.10')
  expect(nextCode('II', [])).toBe('II.1')
})
