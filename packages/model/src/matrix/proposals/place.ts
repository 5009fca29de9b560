import type { Path } from '../../documentChange.ts'
import { parseTaskId, type BodyId, type TaskId } from '../../ids.ts'
import { isCellRole, sortedCellRoles, type CellRole } from '../../role.ts'
import {
  isTaskTextField,
  isTaskValueField,
  TASK_VALUES,
  TEXT_LIMIT_UNITS,
  type TaskTextField,
  type TaskValueField,
} from '../fields.ts'
import { cellKey, parseCellKey } from '../shape.ts'

/** Where a change can be proposed. */
export type ProposalPlace =
  | { readonly on: 'text'; readonly task: TaskId; readonly field: TaskTextField }
  | { readonly on: 'value'; readonly task: TaskId; readonly field: TaskValueField }
  | { readonly on: 'cell'; readonly task: TaskId; readonly body: BodyId }

/** A row's place among the others is not proposed as a value: the key means nothing to who reads it. */
const NOT_PROPOSED: readonly TaskValueField[] = ['order', 'groupId']

/** The place at a path of the document, or null when nothing can be proposed there. */
export function proposalPlace([root, key = '', field, ...rest]: Path): ProposalPlace | null {
  if (rest.length > 0) return null
  if (root === 'roles' && field === undefined) {
    const cell = parseCellKey(key)
    return cell.ok ? { on: 'cell', ...cell.value } : null
  }
  const task = parseTaskId(key)
  if (root !== 'tasks' || field === undefined || !task.ok) return null
  if (isTaskTextField(field)) return { on: 'text', task: task.value, field }
  if (!isTaskValueField(field) || NOT_PROPOSED.includes(field)) return null
  return { on: 'value', task: task.value, field }
}

export function pathOfPlace(place: ProposalPlace): Path {
  return place.on === 'cell' ? ['roles', cellKey(place.task, place.body)] : ['tasks', place.task, place.field]
}

/** Whether this can stand at the place: a whole text, a field's value, or a cell's roles in their stored form. */
export function fits(place: ProposalPlace, value: unknown): boolean {
  switch (place.on) {
    case 'text':
      return typeof value === 'string' && value.length <= TEXT_LIMIT_UNITS && value.normalize('NFC') === value
    case 'value':
      return TASK_VALUES[place.field].accepts(value)
    case 'cell':
      return rolesOf(value) !== null
  }
}

/** Whether a matrix can hold this at the place: what two hands wrote at once may be longer than one may write. */
export function couldStand(place: ProposalPlace, value: unknown): boolean {
  return place.on === 'text' ? typeof value === 'string' : fits(place, value)
}

/** The roles that are proposed for a cell, or null when the value is none of a cell; an empty list empties it. */
export function rolesOf(value: unknown): readonly CellRole[] | null {
  if (!Array.isArray(value)) return null
  const roles: unknown[] = value
  if (!roles.every(isCellRole)) return null
  const sorted = sortedCellRoles(roles)
  return sorted.length === roles.length && sorted.every((role, index) => role === roles[index]) ? sorted : null
}
