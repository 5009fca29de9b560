import { generateNKeysBetween } from 'fractional-indexing'
import * as Y from 'yjs'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { trustedId, type BodyId, type GroupId, type PlanId, type TaskId } from '@dongbo/model/ids.ts'
import { TASK_TEXTS } from '@dongbo/model/matrix/fields.ts'
import { addGroup } from '@dongbo/model/matrix/operations/addGroup.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { NEW_TASK } from '@dongbo/model/matrix/read.ts'
import { cellKey, openMatrix, taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { PARTICIPATION_ROLES } from '@dongbo/model/role.ts'
import { matrixOf, type DocumentName } from '@dongbo/model/documentName.ts'
import type { SyncClient } from './syncClient.ts'

/** Everybody who measures is of this body, and it leads every task: what they write is theirs to write. */
export const BENCH_BODY = trustedId<BodyId>('bench')
/** Columns of the matrices; a body has a part in one task of so many. */
const BODIES = 40
const CELL_EVERY = 4
/** So many tasks with their cells take one megabyte. */
export const MEGABYTE_TASKS = 1_050

export function documentName(index: number): DocumentName {
  return matrixOf(trustedId<PlanId>(`bench-${index + 1}`))
}

export const taskId = (index: number): TaskId => trustedId<TaskId>(`T-${index + 1}`)

/** A matrix as one update, the same for every server. */
export function matrixState(tasks: number): Uint8Array {
  const doc = new Y.Doc()
  const matrix = openMatrix(doc)
  const random = seededRandom(1)
  const groupId = trustedId<GroupId>('G-1')
  addGroup(matrix, { id: groupId, nameVi: 'Nhóm nhiệm vụ', nameEn: 'Group of tasks' }, null)
  doc.transact(() => {
    for (const [index, order] of generateNKeysBetween(null, null, tasks).entries()) {
      const map = new Y.Map<unknown>()
      const values = { ...NEW_TASK, groupId, order, code: `B.${index + 1}`, lead: BENCH_BODY, deadline: '2026-12-15' }
      for (const [field, value] of Object.entries(values)) map.set(field, value)
      for (const field of Object.keys(TASK_TEXTS)) map.set(field, new Y.Text(textOf(field, index)))
      matrix.tasks.set(taskId(index), map)
      for (let body = 0; body < BODIES; body++) {
        const role = PARTICIPATION_ROLES[random.below(PARTICIPATION_ROLES.length)]
        if (role !== undefined && random.below(CELL_EVERY) === 0)
          matrix.roles.set(cellKey(taskId(index), trustedId<BodyId>(`b-${body + 1}`)), [role])
      }
    }
  })
  return Y.encodeStateAsUpdate(doc)
}

function textOf(field: string, index: number): string {
  return field === 'titleVi' ? `Tổ chức hoạt động quảng bá số ${index + 1} tại các quận, huyện và trên mạng xã hội` : ''
}

/** Somebody who writes into a copy of his own; what others write does not come into it, which costs nothing to merge. */
export class Author {
  readonly #matrix: MatrixDocument
  #send: (update: Uint8Array) => void

  constructor(client: SyncClient, state: Uint8Array) {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, state)
    if (client.clientId !== null) doc.clientID = client.clientId
    this.#send = (update) => client.sendUpdate(update)
    doc.on('update', (update: Uint8Array) => this.#send(update))
    this.#matrix = openMatrix(doc)
  }

  /** From now on updates go elsewhere. */
  divert(send: (update: Uint8Array) => void): void {
    this.#send = send
  }

  /** Types behind a task's title. */
  type(task: TaskId, letters: string): void {
    const index = taskText(this.#matrix, task, 'titleVi')?.length ?? 0
    editTaskText(this.#matrix, task, 'titleVi', { index, remove: 0, insert: letters }, null)
  }

  /** Puts another text in place of a task's note. */
  rewrite(task: TaskId, letters: string): void {
    const remove = taskText(this.#matrix, task, 'noteVi')?.length ?? 0
    editTaskText(this.#matrix, task, 'noteVi', { index: 0, remove, insert: letters }, null)
  }

  /** Sets one value of a task. */
  set(task: TaskId, value: string): void {
    setTaskValue(this.#matrix, task, 'unitVi', value, null)
  }
}
