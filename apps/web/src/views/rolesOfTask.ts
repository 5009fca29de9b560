import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import { readRoles } from '@dongbo/model/matrix/read.ts'
import { parseCellKey, taskMap, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { CellRole, Role } from '@dongbo/model/role.ts'

export type CellsOfTask = readonly CellRole[]

/** The filled cells of one row. */
export function rolesOfTask(matrix: MatrixDocument, task: TaskId): ReadonlyMap<BodyId, readonly Role[]> {
  const row = new Map<BodyId, readonly Role[]>()
  const lead = taskMap(matrix, task)?.get('lead')
  if (typeof lead === 'string') row.set(lead as BodyId, readRoles(matrix, task, lead as BodyId))
  const prefix = `${task}:`
  for (const key of matrix.roles.keys()) {
    if (!key.startsWith(prefix)) continue
    const cell = parseCellKey(key)
    if (cell.ok) row.set(cell.value.body, readRoles(matrix, task, cell.value.body))
  }
  return row
}
