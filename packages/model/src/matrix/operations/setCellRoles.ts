import type { BodyId, TaskId } from '../../ids.ts'
import { sortedCellRoles, type CellRole } from '../../role.ts'
import { readCellRoles } from '../read.ts'
import { cellKey, taskMap, type MatrixDocument } from '../shape.ts'

/** Sets the roles of a body in a task; none clears the cell. The lead is set by `setTaskValue(…, 'lead', …)`. */
export function setCellRoles(
  matrix: MatrixDocument,
  task: TaskId,
  body: BodyId,
  roles: Iterable<CellRole>,
  origin: unknown,
): void {
  if (taskMap(matrix, task) === null) return
  const next = sortedCellRoles(roles)
  const now = readCellRoles(matrix, task, body)
  if (next.length === now.length && next.every((role, index) => role === now[index])) return
  const key = cellKey(task, body)
  matrix.doc.transact(() => {
    if (next.length === 0) matrix.roles.delete(key)
    else matrix.roles.set(key, next)
  }, origin)
}
