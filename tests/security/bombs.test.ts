import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { smallMatrix } from '@dongbo/testkit/matrices.ts'
import { person } from '@dongbo/testkit/people.ts'
import { judge } from '@dongbo/sync/gate/judge.ts'
import { bombs } from './bombs.ts'
import { stageOf, tryInput } from './tryInput.ts'

// What each costs is measured by `pnpm fuzz`, which fails above its limit; a busy machine would make a test of it lie.
test.each(bombs())('$what: $verdict (faults 41 to 45)', ({ verdict, update }) => {
  const stage = stageOf(Y.encodeStateAsUpdate(smallMatrix().doc))
  const trial = tryInput(stage, { by: 'officer', plan: 'amended', update })
  expect(trial.holes).toEqual([])
  expect(trial.verdict).toBe(verdict)
  expect(stage.matrix.doc.store.pendingStructs).toBeNull()
})

test('a count that allocates before anything is read does not, a thousand times (fault 43)', () => {
  const { doc } = smallMatrix()
  const who = person()
  const update = Uint8Array.of(1, 0xff, 0xff, 0xff, 0x0f, 9, 0)
  const before = process.memoryUsage().rss
  for (let i = 0; i < 1_000; i++) {
    const verdict = judge(doc, update, who.personId, new Map(), () => null)
    expect(verdict.ok ? 'in' : verdict.error.code).toBe('malformed')
  }
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(10)
})
