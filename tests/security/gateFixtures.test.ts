import { expect, test } from 'vitest'
import { fixtures } from './finds.ts'
import { compactionHoles, stageOf, tryInput } from './tryInput.ts'

test.each(fixtures())('$name', ({ why, verdict, document, owners, input }) => {
  const stage = stageOf(document, owners)
  const trial = tryInput(stage, input)
  expect([...trial.holes, ...compactionHoles(stage)], why).toEqual([])
  expect(trial.verdict, why).toBe(verdict)
})

test('the finds are there', () => {
  expect(fixtures().length).toBeGreaterThan(10)
})
