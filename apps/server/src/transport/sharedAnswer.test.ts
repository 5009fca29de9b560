import { manualClock } from '@dongbo/testkit/manualClock.ts'
import { expect, test } from 'vitest'
import { sharedAnswer } from './sharedAnswer.ts'

test('who asks while an answer is awaited, or soon after it, gets the same; then it is asked anew', async () => {
  const clock = manualClock()
  const questions: ReturnType<typeof Promise.withResolvers<number>>[] = []
  const ask = sharedAnswer(clock, 250, () => {
    const question = Promise.withResolvers<number>()
    questions.push(question)
    return question.promise
  })
  const first = [ask(), ask()]
  clock.advance(60_000)
  first.push(ask())
  questions[0]?.resolve(1)
  expect(await Promise.all(first)).toEqual([1, 1, 1])
  clock.advance(249)
  expect(await ask()).toBe(1)
  expect(questions).toHaveLength(1)
  clock.advance(1)
  const second = [ask(), ask()]
  questions[1]?.reject(new Error('out of reach'))
  expect((await Promise.allSettled(second)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(ask()).rejects.toThrow('out of reach')
  clock.advance(250)
  void ask().catch(() => undefined)
  expect(questions).toHaveLength(3)
})
