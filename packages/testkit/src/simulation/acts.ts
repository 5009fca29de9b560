import * as Y from 'yjs'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { trustedId, type TaskId } from '@dongbo/model/ids.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { removeTask } from '@dongbo/model/matrix/operations/removeTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { readTask, readTasks } from '@dongbo/model/matrix/read.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { addDays, plainDate } from '@dongbo/model/plainDate.ts'
import { PARTICIPATION_ROLES } from '@dongbo/model/role.ts'
import { TASK_STATUSES } from '@dongbo/model/taskStatus.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { updateMessage } from '@dongbo/protocol/messages.ts'
import { FAIR, FILM, replicaOf, SECTION, SURVEY, updateOf } from '../matrices.ts'
import { knownNames, mutateBytes, mutateStructs } from '../mutations.ts'
import { CULTURE, OFFICE, TOURISM } from '../people.ts'

/** Written only by those who may not: wherever it stands, somebody wrote what is another's. */
export const FORBIDDEN = 'KHÔNG ĐƯỢC PHÉP'

const TASKS = [FILM, FAIR, SURVEY]
const SYLLABLES = ['', 'ở ', 'Hà Nội ', 'đ', 'ễ', 'đường ', '🎬']

const at = <T>(from: readonly T[], index: number): T => {
  const chosen = from[index % from.length]
  if (chosen === undefined) throw new Error('nothing to choose from')
  return chosen
}

/** One in so many acts is more than the person's rights allow, by mistake. */
const MISTAKE = 12

/** Something that people do all day: what is theirs to do, but for a mistake now and then. */
export function honestAct(matrix: MatrixDocument, principal: Principal, kind: number, a: number, b: number): void {
  const isMistaken = kind % MISTAKE === MISTAKE - 1
  if (principal.planRole === 'observer' && !isMistaken) return
  const task = isMistaken || principal.planRole === 'coordinator' ? at(TASKS, a) : FILM
  if (!matrix.tasks.has(task)) return
  const leads = principal.bodyId === TOURISM || principal.planRole === 'coordinator' || isMistaken
  switch (leads ? a % 10 : 4) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const length = readTask(matrix, task)?.titleVi.length ?? 0
      const index = b % (length + 1)
      const remove = Math.min(a % 3, length - index)
      return editTaskText(matrix, task, 'titleVi', { index, remove, insert: at(SYLLABLES, b) }, null)
    }
    case 4:
    case 5: {
      const roles = PARTICIPATION_ROLES.filter((_, index) => ((b >> index) & 1) === 1)
      return setCellRoles(matrix, at(TASKS, a), principal.bodyId, roles, null)
    }
    case 6:
    case 7:
      return setTaskValue(matrix, task, 'progressPct', b % 101, null)
    case 8:
      return isMistaken || principal.planRole === 'coordinator' ? changeDrafts(matrix, principal, b) : undefined
    default:
      if (isMistaken) return setTaskValue(matrix, task, 'status', at(TASK_STATUSES, b), null)
      if (principal.planRole !== 'coordinator') return
      return setTaskValue(matrix, task, 'deadline', addDays(plainDate('2026-12-01'), b % 60), null)
  }
}

/** Tasks that nobody has begun come and go. */
function changeDrafts(matrix: MatrixDocument, principal: Principal, b: number): void {
  const drafts = readTasks(matrix).filter((one) => one.id.startsWith('NV-X-'))
  if (b % 2 === 0) {
    addTask(matrix, { id: trustedId<TaskId>(`NV-X-${principal.bodyId}-${b}`), groupId: SECTION }, null)
  } else if (drafts.length > 0) removeTask(matrix, at(drafts, b).id, null)
}

/** A foreign cell, or the wording of a task that another body leads. */
export function trespass(matrix: MatrixDocument, principal: Principal, a: number): void {
  const leads = principal.bodyId === TOURISM ? FILM : FAIR
  const foreign = at(
    [FILM, FAIR].filter((task) => task !== leads),
    a,
  )
  if (!matrix.tasks.has(foreign)) return
  if (principal.bodyId === CULTURE || a % 2 === 0) {
    setCellRoles(matrix, foreign, principal.bodyId === OFFICE ? TOURISM : OFFICE, ['approve'], null)
  }
  editTaskText(matrix, foreign, 'noteVi', { index: 0, remove: 0, insert: FORBIDDEN }, null)
}

/** A frame that no honest client sends, made from what this copy knows. */
export function hostileFrame(matrix: MatrixDocument, seed: number): Uint8Array {
  const random = seededRandom(seed)
  const client = random.below(2) === 0 ? matrix.doc.clientID : 1 + random.below(2 ** 31)
  const replica = replicaOf(matrix, client)
  const update = updateOf(replica, (copy) => {
    for (let edits = random.below(3); edits >= 0; edits--) {
      const principal = { bodyId: at([CULTURE, TOURISM, OFFICE], random.below(3)) } as Principal
      honestAct(copy, principal, random.below(12), random.below(1_000), random.below(1_000))
    }
  })
  switch (random.below(8)) {
    case 0:
      return mutateBytes(random, updateMessage(update))
    case 1:
      return updateMessage(mutateBytes(random, update))
    case 2:
      return updateMessage(Y.encodeStateAsUpdate(replica.doc))
    default:
      return updateMessage(mutateStructs(random, update, knownNames(replica.doc)))
  }
}
