import { expect } from 'vitest'
import * as Y from 'yjs'
import type { PersonId } from '@dongbo/model/ids.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { taskMap, taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { PlanFacts } from '@dongbo/policy/matrixFacts.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { decideMatrixChanges } from '@dongbo/sync/gate/decideMatrixChanges.ts'
import { integrate } from '@dongbo/sync/gate/integrate.ts'
import { judge } from '@dongbo/sync/gate/judge.ts'
import type { FILM } from './matrices.ts'
import { person, planFacts } from './people.ts'
import { encodeRaw, NO_DELETES, type Range, type Struct } from './rawUpdate.ts'

/** The attacker: an officer of the tourism department, which leads FILM and takes part in FAIR. */
export const officer = person()
export const ME = 666

/** Sends structs as the officer. The verdict in one word; whatever comes in must leave the document sound. */
export function send(
  matrix: MatrixDocument,
  structs: readonly Struct[],
  deletes: ReadonlyMap<number, readonly Range[]> = NO_DELETES,
  options: { readonly by?: Principal; readonly plan?: PlanFacts; readonly owners?: ReadonlyMap<number, PersonId> } = {},
): string {
  const { by = officer, plan = planFacts(), owners = new Map<number, PersonId>() } = options
  const update = encodeRaw({ structs, deletes })
  const before = Y.encodeStateAsUpdate(matrix.doc)
  const verdict = judge(matrix.doc, update, by.personId, owners, decideMatrixChanges(matrix, by, plan))
  if (!verdict.ok) {
    expect(Y.encodeStateAsUpdate(matrix.doc), 'a refusal changes nothing').toEqual(before)
    return verdict.error.code
  }
  expect(
    integrate(matrix.doc, verdict.value.update, verdict.value.changes, null).faithful,
    'what Yjs did is what was judged',
  ).toBe(true)
  expect(matrixViolations(matrix)).toEqual([])
  return 'in'
}

export const letters = (text: string): Y.ContentString => new Y.ContentString(text)
export const value = (...values: unknown[]): Y.ContentAny => new Y.ContentAny(values)
export const title = (matrix: MatrixDocument, task: typeof FILM): Y.Text => {
  const text = taskText(matrix, task, 'titleVi')
  if (text === null) throw new Error('the fixture has this text')
  return text
}
export const row = (matrix: MatrixDocument, task: typeof FILM): Y.Map<unknown> => {
  const map = taskMap(matrix, task)
  if (map === null) throw new Error('the fixture has this task')
  return map
}
export const first = (text: Y.Text): Y.ID => {
  if (text._start === null) throw new Error('the text has letters')
  return text._start.id
}
/** The id of a letter of a text that was typed in one go. */
export const letter = (text: Y.Text, index: number): Y.ID => Y.createID(first(text).client, first(text).clock + index)
