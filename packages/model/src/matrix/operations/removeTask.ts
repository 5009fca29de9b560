import type { TaskId } from '../../ids.ts'
import { parseCellKey, type MatrixDocument } from '../shape.ts'

/** Removes a task with its cells. Cancelling is a status, not this: removal is for rows added by mistake. */
export function removeTask(matrix: MatrixDocument, id: TaskId, origin: unknown): void {
  matrix.doc.transact(() => {
    for (const key of [...matrix.roles.keys()]) {
      const cell = parseCellKey(key)
      if (cell.ok && cell.value.task === id) matrix.roles.delete(key)
    }
    matrix.tasks.delete(id)
  }, origin)
}
