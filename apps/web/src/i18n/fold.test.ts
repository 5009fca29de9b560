import { describe, expect, test } from 'vitest'
import { fold, match } from './fold.ts'

describe('fold', () => {
  test.each([
    ['Sở Ngoại vụ', 'so ngoai vu'],
    ['Đoàn Thanh niên', 'doan thanh nien'],
    ['ỦY BAN', 'uy ban'],
    ['hòa, thủy', 'hoa, thuy'],
  ])('%s → %s', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  test('keeps the length, so that positions of a match can be marked', () => {
    for (const text of ['Ẩm thực, Ữ, Ệ, Ặ, Ỡ', 'Đài Truyền hình 🎬 Việt Nam']) {
      expect(fold(text)).toHaveLength(text.length)
      expect(fold(text.normalize('NFD'))).toHaveLength(text.length)
    }
  })
})

describe('match', () => {
  test('finds a name typed without marks', () => {
    expect(match('Sở Ngoại vụ', 'so ngoai')?.ranges).toEqual([[0, 8]])
  })

  test('takes the words in any order', () => {
    expect(match('Sở Văn hóa và Thể thao', 'the thao van hoa')).not.toBeNull()
  })

  test('prefers the beginning of a word to the middle of one', () => {
    const beginning = match('Sở Nội vụ', 'noi')
    const middle = match('Hà Nội-mới, phanoi', 'anoi')
    expect(beginning?.score).toBeGreaterThan(middle?.score ?? Number.POSITIVE_INFINITY)
  })

  test('is null when a word is missing', () => {
    expect(match('Sở Du lịch', 'so ngoai vu')).toBeNull()
  })
})
