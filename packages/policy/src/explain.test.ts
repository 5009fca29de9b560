import { expect, test } from 'vitest'
import { explain, isDenial } from './explain.ts'

const CODES = [
  'observer',
  'body-ended',
  'plan-closed',
  'coordinator-only',
  'lead-only',
  'locked-by-issue',
  'other-bodys-cell',
  'role-given-by-coordinator',
  'column-body-ended',
  'no-such-task',
  'no-such-transition',
  'judge-only',
  'not-ready-to-assign',
  'task-has-begun',
  'new-task-is-a-draft',
] as const

test.each(CODES)('%s is a sentence in both languages, with names and without', (code) => {
  expect(isDenial(code)).toBe(true)
  for (const names of [{}, { lead: 'Sở Du lịch', body: 'Sở Du lịch' }]) {
    for (const language of ['vi', 'en'] as const) {
      const sentence = explain(code, language, names)
      expect(sentence).toMatch(/^\p{Lu}.+\.$/u)
      expect(sentence.normalize('NFC')).toBe(sentence)
      expect(sentence).not.toMatch(/undefined|null/)
      // Tone marks as older hands write them: hòa, thủy, khóa.
      expect(sentence).not.toMatch(/(?:o[àáảãạ]|(?<!q)u[ỳýỷỹỵ])(?!\p{L})/iu)
    }
    expect(explain(code, 'vi', names)).not.toBe(explain(code, 'en', names))
  }
})

test('the names stand in the sentence', () => {
  expect(explain('lead-only', 'vi', { lead: 'Sở Du lịch' })).toContain('Sở Du lịch')
  expect(explain('other-bodys-cell', 'en', { body: 'Tourism' })).toContain('Tourism')
})

test('what comes over the wire may be anything', () => {
  for (const code of ['', 'nobody', '__proto__', 'constructor', 'toString']) expect(isDenial(code)).toBe(false)
})
