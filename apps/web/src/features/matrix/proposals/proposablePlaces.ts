import { parseBodyId, type BodyId, type TaskId } from '@dongbo/model/ids.ts'
import type { ProposalPlace } from '@dongbo/model/matrix/proposals/place.ts'
import { ROLES } from '@dongbo/model/role.ts'
import type { Language } from '#i18n/catalogue.ts'
import type { MatrixRights } from '#views/matrixRights.ts'
import { useMatrixState } from '../matrixState.ts'
import { fieldAt, isField } from '../useActs.ts'

/**
 * The places of a task that I may not write, or not wholly, in the order in which they are offered: the current cell
 * first.
 */
export function proposablePlaces(
  task: TaskId,
  rights: MatrixRights,
  myBody: string,
  language: Language,
): readonly ProposalPlace[] {
  const [titleField, productField] = [fieldAt('title', language), fieldAt('product', language)]
  const fields: readonly ProposalPlace[] = [
    { on: 'text', task, field: titleField as 'titleVi' },
    { on: 'value', task, field: 'deadline' },
    { on: 'value', task, field: 'startDate' },
    { on: 'text', task, field: productField as 'productVi' },
    { on: 'value', task, field: 'status' },
    { on: 'value', task, field: 'progressPct' },
    { on: 'text', task, field: 'resultVi' },
    { on: 'text', task, field: 'noteVi' },
  ]
  const { place } = useMatrixState.getState()
  const isHere = place?.line === task
  const column = isHere && place !== null && !isField(place) ? parseBodyId(place.column) : parseBodyId(myBody)
  const cell: ProposalPlace[] =
    column.ok && !mayGiveAll(task, column.value, rights) ? [{ on: 'cell', task, body: column.value }] : []
  const locked = fields.filter((one) => one.on !== 'cell' && !rights.field(task, one.field).allow)
  const current = isHere && place !== null && isField(place) ? fieldAt(place.column, language) : null
  const first = locked.filter((one) => one.on !== 'cell' && one.field === current)
  return [...first, ...cell, ...locked.filter((one) => !first.includes(one))]
}

function mayGiveAll(task: TaskId, body: BodyId, rights: MatrixRights): boolean {
  return ROLES.every((role) => rights.role(task, body, role).allow)
}
