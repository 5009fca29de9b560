import { seededRandom } from '@dongbo/kernel/random.ts'
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
  ['it is in, and others wrote before it', 'Phim ngắn', 'Phim dài', 'Hai Phim dài', 'Hai Phim dài'],
  ['it is in, and others wrote behind it', 'Phim ngắn', 'Phim dài', 'Phim dài ở Huế', 'Phim dài ở Huế'],
  ['it took letters away, and they are back', 'Phim rất ngắn', 'Phim ngắn', 'Hai Phim rất ngắn', 'Hai Phim ngắn'],
  ['others emptied it', 'Phim ngắn', 'Phim dài', '', 'Phim dài'],
])('%s', (_what, was, proposed, now, after) => {
  expect(rebasedText(was, proposed, now)).toBe(after)
})

test('what is accepted once is not accepted otherwise a second time', () => {
  const words = ['Phim', 'tài', 'liệu', 'ngắn', 'về', 'Hà', 'Nội']
  const seed = 7
  const random = seededRandom(seed)
  const some = (): string[] => words.filter(() => random.below(4) > 0)
  for (let round = 0; round < 5_000; round++) {
    const was = some()
    const [proposed, now] = [0, 1].map(() => was.map((word) => (random.below(5) === 0 ? 'mới' : word)).join(' '))
    if (proposed === undefined || now === undefined) continue
    const once = rebasedText(was.join(' '), proposed, now)
    expect(rebasedText(was.join(' '), proposed, once), `seed ${seed}, round ${round}: ${was.join(' ')}`).toBe(once)
  }
})
