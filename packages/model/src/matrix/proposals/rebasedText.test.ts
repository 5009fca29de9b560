import { expect, test } from 'vitest'
import { rebasedText } from './rebasedText.ts'

test.each([
  ['nothing else changed', 'Phim ngắn', 'Phim dài', 'Phim ngắn', 'Phim dài'],
  ['others wrote before it', 'Phim ngắn', 'Phim dài', 'Hai Phim ngắn', 'Hai Phim dài'],
  ['others wrote behind it', 'Phim ngắn về Hà Nội', 'Phim dài về Hà Nội', 'Phim ngắn về Huế', 'Phim dài về Huế'],
  ['others took away before it', 'Một phim ngắn', 'Một phim dài', 'phim ngắn', 'phim dài'],
  ['others changed the same words', 'Phim ngắn', 'Phim dài', 'Phim vừa', 'Phim dài'],
  ['both added at one place', 'Phim', 'Phim dài', 'Phim ngắn', 'Phim dài'],
  ['others wrote the same already', 'Phim ngắn', 'Phim dài', 'Phim dài', 'Phim dài'],
  ['others emptied it', 'Phim ngắn', 'Phim dài', '', 'Phim dài'],
])('%s', (_what, was, proposed, now, after) => {
  expect(rebasedText(was, proposed, now)).toBe(after)
})
