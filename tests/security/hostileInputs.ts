import * as Y from 'yjs'
import type { Random } from '@dongbo/kernel/random.ts'
import { trustedId, type PersonId, type TaskId } from '@dongbo/model/ids.ts'
import { TASK_TEXTS, TASK_VALUES, type TaskTextField } from '@dongbo/model/matrix/fields.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { removeTask } from '@dongbo/model/matrix/operations/removeTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { taskMap, taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { CELL_ROLES } from '@dongbo/model/role.ts'
import { hostileUpdate, sightsOf } from '@dongbo/testkit/hostileUpdates.ts'
import { FAIR, FILM, replicaOf, SECTION, smallMatrix, SURVEY, updateOf } from '@dongbo/testkit/matrices.ts'
import { knownNames, mutateBytes, mutateStructs, pick } from '@dongbo/testkit/mutations.ts'
import { CULTURE, OFFICE, TOURISM } from '@dongbo/testkit/people.ts'
import { stageOf, type Input, type Sender, type Stage } from './tryInput.ts'

const VICTIM = 70_000
const STATUSES = ['draft', 'in_progress', 'submitted', 'accepted']
const TASKS = [FILM, FAIR, SURVEY]

/** A document with dead structs, letters of two units, and a victim who has written in it. */
export function newStage(random: Random): Stage {
  const matrix = smallMatrix()
  editTaskText(matrix, FAIR, 'titleVi', { index: 3, remove: 0, insert: '🎬🎭' }, null)
  const id = trustedId<TaskId>('NV-I-8')
  addTask(matrix, { id, groupId: SECTION, texts: { titleVi: 'Bị xóa' } }, null)
  removeTask(matrix, id, null)
  const victim = replicaOf(matrix, VICTIM)
  editTaskText(victim, FAIR, 'noteVi', { index: 0, remove: 0, insert: 'của người khác' }, null)
  setCellRoles(victim, FILM, CULTURE, ['advise', 'supply'], null)
  const owners = [[VICTIM, 'victim' as PersonId] as const]
  return stageOf(Y.encodeStateAsUpdate(random.below(4) === 0 ? matrix.doc : victim.doc), owners)
}

/** Bytes, mutated structs or made-up ones, of somebody whose rights are others than a moment ago. */
export function newInput(random: Random, stage: Stage): Input {
  const by = pick<Sender>(random, ['officer', 'officer', 'officer', 'observer', 'coordinator'])
  const plan = pick(random, ['amended', 'amended', 'amended', 'amended', 'issued', 'closed'] as const)
  return { by, plan, update: newUpdate(random, stage) }
}

function newUpdate(random: Random, stage: Stage): Uint8Array {
  const ids = [...stage.owners.keys()].filter((id) => id !== VICTIM)
  // Often an id that the sender has used before, so that repetition and overlap are met too.
  const client = ids.length > 0 && random.below(3) > 0 ? pick(random, ids) : 1 + random.below(2 ** 31)
  const kind = random.below(12)
  if (kind < 4) return hostileUpdate(random, sightsOf(stage.matrix.doc), client)
  if (kind === 4) return mutateBytes(random, hostileUpdate(random, sightsOf(stage.matrix.doc), client))
  const replica = replicaOf(stage.matrix, client)
  const update = updateOf(replica, (copy) => {
    for (let edits = random.below(3); edits >= 0; edits--) anyEdit(random, copy)
  })
  switch (kind) {
    case 5:
      return update
    case 6:
      return Y.encodeStateAsUpdate(replica.doc)
    case 7:
    case 8:
      return mutateBytes(random, update)
    case 9:
      return mutateBytes(random, mutateStructs(random, update, knownNames(replica.doc)))
    default:
      return mutateStructs(random, update, knownNames(replica.doc))
  }
}

function anyEdit(random: Random, matrix: MatrixDocument): void {
  const task = pick(random, TASKS)
  const text = taskText(matrix, task, pick(random, Object.keys(TASK_TEXTS) as TaskTextField[]))
  switch (random.below(8)) {
    case 0:
    case 1:
      return text?.insert(random.below(text.length + 1), pick(random, ['ở', 'đường', '🎬', 'một đoạn dài hơn']))
    case 2:
      return text !== null && text.length > 0 ? text.delete(random.below(text.length), 1) : undefined
    case 3: {
      const field = pick(random, Object.keys(TASK_VALUES))
      // With a wrong order key our own operations would throw, before there is anything to send.
      const value =
        field === 'order' ? 'a5V' : pick(random, [...STATUSES, 50, null, '2026-12-01', [], TOURISM, CULTURE, OFFICE])
      return void taskMap(matrix, task)?.set(field, value)
    }
    case 4:
    case 5: {
      const roles = CELL_ROLES.filter(() => random.below(4) === 0)
      return setCellRoles(matrix, task, pick(random, [TOURISM, CULTURE, OFFICE]), roles, null)
    }
    case 6:
      return addTask(matrix, { id: trustedId<TaskId>(`NV-I-${4 + random.below(4)}`), groupId: SECTION }, null)
    default:
      return removeTask(matrix, task, null)
  }
}
