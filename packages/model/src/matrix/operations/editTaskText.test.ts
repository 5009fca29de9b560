import { describe, expect, test } from 'vitest'
import { FILM, replicaOf, smallMatrix } from '@dongbo/testkit/matrices.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import * as Y from 'yjs'
import { readTask } from '../read.ts'
import { editTaskText, textChange } from './editTaskText.ts'

describe('textChange', () => {
  test.each([
    ['nothing changed', 'Hà Nội', 'Hà Nội', 6, null],
    ['typed at the end', 'Hà', 'Hà Nội', 6, { index: 2, remove: 0, insert: ' Nội' }],
    ['typed at the start', 'Nội', 'Hà Nội', 3, { index: 0, remove: 0, insert: 'Hà ' }],
    ['removed in the middle', 'Hà Nội xanh', 'Hà xanh', 3, { index: 3, remove: 4, insert: '' }],
    ['a repeated letter lands where it was typed', 'aa', 'aaa', 1, { index: 0, remove: 0, insert: 'a' }],
    ['a syllable completed by the input method', 'Ho', 'Hồ', 2, { index: 1, remove: 1, insert: 'ồ' }],
    ['a surrogate pair is never cut', '🎏', '🎐', 2, { index: 0, remove: 2, insert: '🎐' }],
    ['emptied', 'abc', '', 0, { index: 0, remove: 3, insert: '' }],
  ])('%s', (_name, before, after, caret, expected) => {
    expect(textChange(before, after, caret)).toEqual(expected)
  })

  test('applied to the old text it gives the new one, whatever was typed', () => {
    const letters = ['a', 'ạ', 'b', '🎏', ' ', 'đ']
    for (let seed = 0; seed < 500; seed++) {
      const random = seededRandom(seed)
      const word = (): string => Array.from({ length: random.below(8) }, () => letters[random.below(6)] ?? '').join('')
      const [before, after] = [word(), word()]
      const change = textChange(before, after, random.below(after.length + 1))
      const applied =
        change === null
          ? before
          : before.slice(0, change.index) + change.insert + before.slice(change.index + change.remove)
      expect(applied, `seed ${seed}`).toBe(after)
    }
  })
})

test('two people type in one title at once and both texts stay', () => {
  const server = smallMatrix()
  const [here, there] = [replicaOf(server), replicaOf(server)]
  editTaskText(here, FILM, 'titleVi', { index: 0, remove: 0, insert: 'Dự án ' }, null)
  editTaskText(there, FILM, 'titleVi', { index: 13, remove: 0, insert: ' về Hà Nội' }, null)
  for (const replica of [here, there]) Y.applyUpdate(server.doc, Y.encodeStateAsUpdate(replica.doc))
  expect(readTask(server, FILM)?.titleVi).toBe('Dự án Phim tài liệu về Hà Nội')
})
