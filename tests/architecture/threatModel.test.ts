import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const PAGE = readFileSync(join(ROOT, 'docs', 'threat-model.md'), 'utf8')

/** Cells of the rows whose number starts with a letter. */
function rows(letter: string): string[][] {
  return PAGE.split('\n')
    .filter((line) => new RegExp(`^\\| ${letter}\\d+ \\|`).test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

test.each(rows('M'))('%s %s', (_number, _threat, by, against, _stands, where) => {
  const [, path = '', title = ''] = /^`([^`]+)` (.+)$/.exec(where ?? '') ?? []
  expect(existsSync(join(ROOT, path)), path).toBe(true)
  expect(readFileSync(join(ROOT, path), 'utf8')).toContain(title)
  const actors = rows('T').map(([number]) => number)
  const assets = rows('A').map(([number]) => number)
  expect(actors).toEqual(expect.arrayContaining((by ?? '').split(' ')))
  expect(assets).toEqual(expect.arrayContaining((against ?? '').split(' ')))
})

test('rows are numbered, and every actor is answered', () => {
  expect(rows('M').map(([number]) => number)).toEqual(rows('M').map((_, index) => `M${index + 1}`))
  const answered = new Set(rows('M').flatMap(([, , by]) => (by ?? '').split(' ')))
  expect(rows('T').flatMap(([number = '']) => (answered.has(number) ? [] : [number]))).toEqual([])
})
