import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { PersonId } from '@dongbo/model/ids.ts'
import { stageOf, tryInput, type Sender } from './tryInput.ts'

/** One input that once was a hole, or must never become one (`pnpm fuzz` prints finds in this form). */
interface Fixture {
  readonly why: string
  readonly by: Sender
  readonly verdict: string
  readonly owners: readonly (readonly [number, PersonId])[]
  readonly document: string
  readonly update: string
}

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'gate')
const fixtures = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
const bytes = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'))

test.each(fixtures)('%s', (name) => {
  const { why, by, verdict, owners, document, update } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Fixture
  const trial = tryInput(stageOf(bytes(document), owners), by, bytes(update))
  expect(trial.holes, why).toEqual([])
  expect(trial.verdict, why).toBe(verdict)
})

test('the finds are there', () => {
  expect(fixtures.length).toBeGreaterThan(10)
})
