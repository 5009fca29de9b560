import { err, ok, type Result } from '@dongbo/kernel/result.ts'
import type { DocumentChange, NewValue } from '../documentChange.ts'
import { parseGroupId, parseTaskId, type BodyId, type GroupId, type TaskId } from '../ids.ts'
import { isCellRole, sortedCellRoles, type CellRole } from '../role.ts'
import {
  GROUP_VALUES,
  isGroupField,
  isTaskTextField,
  isTaskValueField,
  TASK_TEXTS,
  TASK_VALUES,
  TEXT_LIMIT_UNITS,
  type GroupField,
  type TaskTextField,
  type TaskValueField,
  type TaskValues,
} from './fields.ts'
import { proposalWrite, type ProposalWrite } from './proposals/writes.ts'
import { readCellRoles } from './read.ts'
import { parseCellKey, taskMap, taskText, type MatrixDocument } from './shape.ts'

/** One thing somebody does to a matrix, as rights are given: the currency between the gate, the policy and the screen. */
export type MatrixWrite =
  | { readonly on: 'group'; readonly act: 'create' | 'remove'; readonly group: GroupId }
  | { readonly on: 'group'; readonly act: 'set'; readonly group: GroupId; readonly field: GroupField }
  | { readonly on: 'task'; readonly act: 'create'; readonly task: TaskId; readonly values: TaskValues }
  | { readonly on: 'task'; readonly act: 'remove'; readonly task: TaskId }
  | {
      readonly on: 'task'
      readonly act: 'set'
      readonly task: TaskId
      readonly field: TaskValueField
      readonly before: unknown
      readonly after: unknown
    }
  | { readonly on: 'task'; readonly act: 'type'; readonly task: TaskId; readonly field: TaskTextField }
  | {
      readonly on: 'cell'
      readonly task: TaskId
      readonly body: BodyId
      readonly before: readonly CellRole[]
      readonly after: readonly CellRole[]
    }
  | ProposalWrite

/** Why a change cannot stand in a matrix, whoever makes it. */
export type MatrixFault =
  /** No such root, key or field. */
  | 'unknown-place'
  /** The value does not parse as what the model holds there. */
  | 'bad-value'
  /** A container that lives is never replaced: that would drop what others type into it. */
  | 'container-replaced'
  /** A field is set or emptied, a proposal is decided: neither is ever erased. */
  | 'field-erased'
  | 'task-gone'

/**
 * Reads a change as a write to the matrix, checking its value. `matrix` is the state before the change; tasks that the
 * same update makes are in `created`, those that it takes away in `removed`, all its changes in `changes`.
 */
export function matrixWrite(
  matrix: MatrixDocument,
  change: DocumentChange,
  created: ReadonlySet<TaskId>,
  removed: ReadonlySet<TaskId>,
  changes: readonly DocumentChange[],
): Result<MatrixWrite, MatrixFault> {
  const [root, key = '', field] = change.path
  if (change.path.length < 2 || change.path.length > 3) return err('unknown-place')
  if (root === 'roles' && field === undefined) return cellWrite(matrix, change, key, created)
  if (root === 'tasks') {
    const id = parseTaskId(key)
    if (!id.ok) return err('unknown-place')
    return field === undefined
      ? taskWrite(matrix, change, id.value, removed)
      : taskFieldWrite(matrix, change, id.value, field)
  }
  if (root === 'groups') {
    const id = parseGroupId(key)
    if (!id.ok) return err('unknown-place')
    return field === undefined ? groupWrite(matrix, change, id.value) : groupFieldWrite(change, id.value, field)
  }
  if (root === 'proposals') return proposalWrite(matrix, change, changes)
  return err('unknown-place')
}

function cellWrite(
  matrix: MatrixDocument,
  change: DocumentChange,
  key: string,
  created: ReadonlySet<TaskId>,
): Result<MatrixWrite, MatrixFault> {
  const cell = parseCellKey(key)
  if (!cell.ok || change.kind === 'type') return err('unknown-place')
  const { task, body } = cell.value
  // Clearing a cell of a task that is gone is part of removing the task.
  if (change.kind === 'put' && taskMap(matrix, task) === null && !created.has(task)) return err('task-gone')
  const after = change.kind === 'erase' ? [] : rolesIn(change.value)
  if (after === null) return err('bad-value')
  return ok({ on: 'cell', task, body, before: readCellRoles(matrix, task, body), after })
}

/** The roles of a cell in their one stored form, or null. */
function rolesIn(value: NewValue): readonly CellRole[] | null {
  if (value.type !== 'plain' || !Array.isArray(value.value) || value.value.length === 0) return null
  const roles: unknown[] = value.value
  if (!roles.every(isCellRole)) return null
  const sorted = sortedCellRoles(roles)
  return sorted.length === roles.length && sorted.every((role, index) => role === roles[index]) ? sorted : null
}

function taskWrite(
  matrix: MatrixDocument,
  change: DocumentChange,
  task: TaskId,
  removed: ReadonlySet<TaskId>,
): Result<MatrixWrite, MatrixFault> {
  if (change.kind === 'type') return err('unknown-place')
  if (change.kind === 'erase') return ok({ on: 'task', act: 'remove', task })
  // Removed and brought back by undo, sent as one: judged as both.
  if (matrix.tasks.has(task) && !removed.has(task)) return err('container-replaced')
  if (change.value.type !== 'map') return err('bad-value')
  const values = newTaskValues(change.value.entries)
  return values === null ? err('bad-value') : ok({ on: 'task', act: 'create', task, values })
}

/** The values of a new task, or null unless every field, and nothing else, is there. */
function newTaskValues(entries: ReadonlyMap<string, NewValue>): TaskValues | null {
  const values: Record<string, unknown> = {}
  if (entries.size !== Object.keys(TASK_VALUES).length + Object.keys(TASK_TEXTS).length) return null
  for (const [field, entry] of entries) {
    if (isTaskTextField(field)) {
      if (entry.type !== 'text' || entry.text.length > TEXT_LIMIT_UNITS) return null
    } else {
      if (!isTaskValueField(field) || entry.type !== 'plain' || !TASK_VALUES[field].accepts(entry.value)) return null
      values[field] = entry.value
    }
  }
  return values as object as TaskValues
}

function taskFieldWrite(
  matrix: MatrixDocument,
  change: DocumentChange,
  task: TaskId,
  field: string,
): Result<MatrixWrite, MatrixFault> {
  const map = taskMap(matrix, task)
  if (map === null) return err('task-gone')
  if (isTaskTextField(field)) {
    if (change.kind === 'put') return err('container-replaced')
    if (change.kind === 'erase') return err('field-erased')
    const length = (taskText(matrix, task, field)?.length ?? 0) + change.inserted.length
    // What grew too long in two hands at once can still be shortened.
    const isTooLong = change.inserted !== '' && length > TEXT_LIMIT_UNITS
    return isTooLong ? err('bad-value') : ok({ on: 'task', act: 'type', task, field })
  }
  if (!isTaskValueField(field) || change.kind === 'type') return err('unknown-place')
  if (change.kind === 'erase') return err('field-erased')
  if (change.value.type !== 'plain' || !TASK_VALUES[field].accepts(change.value.value)) return err('bad-value')
  return ok({ on: 'task', act: 'set', task, field, before: map.get(field) ?? null, after: change.value.value })
}

function groupWrite(matrix: MatrixDocument, change: DocumentChange, group: GroupId): Result<MatrixWrite, MatrixFault> {
  if (change.kind === 'type') return err('unknown-place')
  if (change.kind === 'erase') return ok({ on: 'group', act: 'remove', group })
  if (matrix.groups.has(group)) return err('container-replaced')
  if (change.value.type !== 'map' || change.value.entries.size !== Object.keys(GROUP_VALUES).length) {
    return err('bad-value')
  }
  for (const [field, entry] of change.value.entries) {
    if (!isGroupField(field) || entry.type !== 'plain' || !GROUP_VALUES[field](entry.value)) return err('bad-value')
  }
  return ok({ on: 'group', act: 'create', group })
}

function groupFieldWrite(change: DocumentChange, group: GroupId, field: string): Result<MatrixWrite, MatrixFault> {
  if (!isGroupField(field) || change.kind === 'type') return err('unknown-place')
  if (change.kind === 'erase') return err('field-erased')
  if (change.value.type !== 'plain' || !GROUP_VALUES[field](change.value.value)) return err('bad-value')
  return ok({ on: 'group', act: 'set', group, field })
}
