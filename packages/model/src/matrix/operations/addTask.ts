import * as Y from 'yjs'
import { generateKeyBetween } from 'fractional-indexing'
import type { GroupId, TaskId } from '../../ids.ts'
import { TASK_TEXTS, type TaskTextField, type TaskValues } from '../fields.ts'
import { NEW_TASK, readTasks } from '../read.ts'
import type { MatrixDocument } from '../shape.ts'

export interface NewTask {
  readonly id: TaskId
  readonly groupId: GroupId
  readonly values?: Partial<Omit<TaskValues, 'groupId' | 'order'>>
  readonly texts?: Partial<Record<TaskTextField, string>>
  /** The task it stands behind; left out: the last of its group. */
  readonly after?: TaskId
}

/**
 * Adds a task. All its texts are made here and never again: two people who both "create" a text at once would each
 * lose the other's letters.
 */
export function addTask(matrix: MatrixDocument, task: NewTask, origin: unknown): void {
  matrix.doc.transact(() => {
    const map = new Y.Map<unknown>()
    const values: TaskValues = { ...NEW_TASK, ...task.values, groupId: task.groupId, order: orderBehind(matrix, task) }
    for (const [field, value] of Object.entries(values)) map.set(field, value)
    for (const field of Object.keys(TASK_TEXTS) as TaskTextField[]) {
      map.set(field, new Y.Text((task.texts?.[field] ?? '').normalize('NFC')))
    }
    matrix.tasks.set(task.id, map)
  }, origin)
}

function orderBehind(matrix: MatrixDocument, task: NewTask): string {
  const orders = readTasks(matrix).filter((other) => other.groupId === task.groupId)
  const index = task.after === undefined ? -1 : orders.findIndex((other) => other.id === task.after)
  if (index < 0) return generateKeyBetween(orders.at(-1)?.order ?? null, null)
  const left = orders[index]?.order ?? null
  // Equal neighbours (two inserts at once) leave no key between them; the next different one does.
  const right = orders.slice(index + 1).find((other) => left === null || other.order > left)?.order ?? null
  return generateKeyBetween(left, right)
}
