import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { readCellRoles } from '@dongbo/model/matrix/read.ts'
import { sortedCellRoles, type CellRole, type Role } from '@dongbo/model/role.ts'
import type { Writer } from './writer.ts'

/** Whether a role that stands in the cell is mine to take away. */
type MayDrop = (role: CellRole) => boolean

/**
 * What a cell holds after one role is chosen. Alone, the choice replaces what I may take away; with `keepOthers` it is
 * added, or taken away when it already stands there.
 */
export function rolesAfter(
  now: readonly CellRole[],
  role: CellRole,
  keepOthers: boolean,
  mayDrop: MayDrop,
): readonly CellRole[] {
  if (keepOthers) return sortedCellRoles(now.includes(role) ? now.filter((one) => one !== role) : [...now, role])
  return sortedCellRoles([...now.filter((one) => !mayDrop(one)), role])
}

/** Gives a body a role in a task. Choosing the lead changes the task's one lead and leaves the cell's other roles. */
export function chooseRole(
  writer: Writer,
  cell: { readonly task: TaskId; readonly body: BodyId },
  role: Role,
  keepOthers: boolean,
  mayDrop: MayDrop,
): void {
  if (role === 'lead') {
    setTaskValue(writer.matrix, cell.task, 'lead', cell.body, writer.origin)
    return
  }
  const now = readCellRoles(writer.matrix, cell.task, cell.body)
  setCellRoles(writer.matrix, cell.task, cell.body, rolesAfter(now, role, keepOthers, mayDrop), writer.origin)
}

/** Empties a cell as far as I may; `leadToo` also takes the lead from this body. */
export function clearCell(
  writer: Writer,
  cell: { readonly task: TaskId; readonly body: BodyId },
  mayDrop: MayDrop,
  leadToo: boolean,
): void {
  const now = readCellRoles(writer.matrix, cell.task, cell.body)
  writer.matrix.doc.transact(() => {
    setCellRoles(
      writer.matrix,
      cell.task,
      cell.body,
      now.filter((role) => !mayDrop(role)),
      writer.origin,
    )
    if (leadToo) setTaskValue(writer.matrix, cell.task, 'lead', null, writer.origin)
  }, writer.origin)
}
