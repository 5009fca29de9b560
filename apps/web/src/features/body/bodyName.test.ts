import { describe, expect, test } from 'vitest'
import { shortName } from './bodyName.ts'
import { initials } from './initials.ts'

const CULTURE = { nameVi: 'Sở Văn hóa và Thể thao', nameEn: 'Department of Culture and Sports', abbr: 'SVHTT' }

describe('shortName', () => {
  test('is the whole name where it fits, else the plan’s own abbreviation', () => {
    expect(shortName(CULTURE, 'vi')).toBe('Sở Văn hóa và Thể thao')
    expect(shortName(CULTURE, 'en')).toBe('SVHTT')
  })

  test('a body without an English name keeps its own', () => {
    expect(shortName({ ...CULTURE, nameEn: '' }, 'en')).toBe('Sở Văn hóa và Thể thao')
  })
})

test.each([
  ['Sở Du lịch', 'DL'],
  ['Ủy ban nhân dân phường Hoàn Kiếm', 'HK'],
  ['Cơ quan Ấn phẩm – Báo chí', 'BC'],
  ['VTV', 'V'],
  ['', ''],
])('initials of %s: %s', (name, letters) => {
  expect(initials(name)).toBe(letters)
})
