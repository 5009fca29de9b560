import { describe, expect, test } from 'vitest'
import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import { TASK_TEXTS, TASK_VALUES, type TaskTextField } from '@dongbo/model/matrix/fields.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { removeTask } from '@dongbo/model/matrix/operations/removeTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { taskMap, taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { CELL_ROLES } from '@dongbo/model/role.ts'
import { foreignPlaces } from '@dongbo/testkit/foreignPlaces.ts'
import { FAIR, FILM, replicaOf, SECTION, smallMatrix, SURVEY, updateOf } from '@dongbo/testkit/matrices.ts'
import { knownNames, mutateStructs, pick } from '@dongbo/testkit/mutations.ts'
import { CULTURE, OFFICE, person, planFacts, TOURISM } from '@dongbo/testkit/people.ts'
import { trustedId, type TaskId } from '@dongbo/model/ids.ts'
import { decideMatrixChanges } from './decideMatrixChanges.ts'
import { integrate } from './integrate.ts'
import { judge } from './judge.ts'

const officer = person()
const ROUNDS = 60
const UPDATES_PER_ROUND = 170
const TASKS = [FILM, FAIR, SURVEY]
const VALUES: readonly unknown[] = [
  null,
  0,
  50,
  100,
  'draft',
  'in_progress',
  'submitted',
  'accepted',
  'cancelled',
  '2026-12-01',
  TOURISM,
  OFFICE,
  'III.9',
  'a5',
  [],
  ['vi'],
  true,
]

/** Anything that the operations and Yjs itself can do to a matrix, allowed or not, now and then several at once. */
function anyEdit(random: Random): (matrix: MatrixDocument) => void {
  const task = pick(random, TASKS)
  const body = pick(random, [CULTURE, OFFICE, TOURISM])
  return (matrix) => {
    switch (random.below(9)) {
      case 0:
      case 1: {
        const text = taskText(matrix, task, pick(random, Object.keys(TASK_TEXTS) as TaskTextField[]))
        if (random.below(3) > 0 || text === null || text.length === 0)
          return text?.insert(random.below(text.length + 1), 'ở đây')
        return text.delete(random.below(text.length), 1)
      }
      case 2:
      case 3:
        return void taskMap(matrix, task)?.set(pick(random, Object.keys(TASK_VALUES)), pick(random, VALUES))
      case 4:
      case 5:
        return setCellRoles(
          matrix,
          task,
          body,
          CELL_ROLES.filter(() => random.below(4) === 0),
          null,
        )
      case 6:
        return removeTask(matrix, task, null)
      case 7:
        return addTask(matrix, { id: trustedId<TaskId>(`NV-I-${random.below(9)}`), groupId: SECTION }, null)
      default:
        return matrix.groups.delete(SECTION)
    }
  }
}

describe('whatever an officer sends, nothing of another body changes (fault 50)', () => {
  let sent = 0
  let applied = 0
  const refusals = new Set<string>()

  test.each(Array.from({ length: ROUNDS }, (_, seed) => seed))('seed %i', (seed) => {
    const random = seededRandom(seed)
    const matrix = smallMatrix()
    const owners = new Map<number, typeof officer.personId>()
    const foreign = foreignPlaces(matrix, TOURISM)
    for (let i = 0; i < UPDATES_PER_ROUND; i++) {
      const replica = replicaOf(matrix, 2_000 + random.below(5) * 1_000_000 + i)
      let update = updateOf(replica, (copy) => {
        for (let edits = 1 + random.below(10) / 9; edits >= 1; edits--) anyEdit(random)(copy)
      })
      if (random.below(2) === 0) update = mutateStructs(random, update, knownNames(replica.doc))
      const verdict = judge(
        matrix.doc,
        update,
        officer.personId,
        owners,
        decideMatrixChanges(matrix, officer, planFacts()),
      )
      sent++
      if (!verdict.ok) {
        refusals.add(verdict.error.code)
        continue
      }
      const { faithful, emitted } = integrate(matrix.doc, verdict.value.update, verdict.value.changes, null)
      const input = Buffer.from(update).toString('base64')
      expect(faithful, input).toBe(true)
      expect(foreignPlaces(matrix, TOURISM), input).toBe(foreign)
      expect(matrixViolations(matrix), input).toEqual([])
      if (emitted !== null) applied++
    }
    // Judging alone changes nothing either: what was refused last has left no trace.
    expect(foreignPlaces(matrix, TOURISM)).toBe(foreign)
    expect(replicaOf(matrix).doc.toJSON()).toEqual(matrix.doc.toJSON())
  })

  test('the rounds were not vacuous', () => {
    expect(sent).toBeGreaterThanOrEqual(10_000)
    expect(applied).toBeGreaterThan(300)
    expect(refusals.size).toBeGreaterThan(10)
  })
})
