import { plainDate } from '@dongbo/model/plainDate.ts'
import { describe, expect, test } from 'vitest'
import { clockTime, isWeekend, longDate, readDate, shortDate } from './dates.ts'

describe('readDate', () => {
  test.each([
    ['22/10/2026', '2026-10-22'],
    ['22/10', '2026-10-22'],
    ['5.3.27', '2027-03-05'],
    [' 1-2-2026 ', '2026-02-01'],
    ['2026-10-22', '2026-10-22'],
  ])('%s', (text, date) => {
    expect(readDate(text, 2026)).toBe(date)
  })

  test.each(['30/2/2026', '13/13', 'thứ Năm', '', '22/10/20266'])('not a date: %s', (text) => {
    expect(readDate(text, 2026)).toBeNull()
  })
})

test('a date is said as people write it', () => {
  const date = plainDate('2026-10-22')
  expect(shortDate(date, 2026)).toBe('22/10')
  expect(shortDate(date, 2027)).toBe('22/10/2026')
  expect(longDate(date, 'vi')).toBe('Thứ\u00a0Năm\u00a022/10/2026')
  expect(isWeekend(plainDate('2026-11-22'))).toBe(true)
  expect(isWeekend(date)).toBe(false)
})

test('the time of saving is told in Viet Nam, to the second', () => {
  expect(clockTime(Date.UTC(2026, 10, 23, 3, 42, 7))).toBe('10:42:07')
  expect(clockTime(Date.UTC(2026, 10, 22, 17, 5, 0))).toBe('00:05:00')
})
