import * as Y from 'yjs'
import { trustedId, type BodyId, type GroupId, type TaskId } from '../ids.ts'
import { CELL_ROLES, isCellRole, type CellRole, type Role } from '../role.ts'
import { TASK_TEXTS, type GroupValues, type TaskTextField, type TaskValues } from './fields.ts'
import { cellKey, groupMap, parseCellKey, taskMap, type MatrixDocument } from './shape.ts'

/** A task as a plain value: its fields, its texts as strings. */
export interface Task extends TaskValues, Readonly<Record<TaskTextField, string>> {
  readonly id: TaskId
}

export interface Group extends GroupValues {
  readonly id: GroupId
}

const EMPTY: TaskValues = {
  code: '',
  groupId: trustedId<GroupId>('none'),
  order: 'a0',
  label: 'internal',
  lead: null,
  startDate: null,
  deadline: null,
  recurrence: null,
  quantity: null,
  unitVi: '',
  budgetMillionVnd: null,
  budgetSourceVi: '',
  audienceIds: [],
  channelIds: [],
  languages: [],
  status: 'draft',
  progressPct: 0,
  completedOn: null,
}

/** The values a new task starts with. */
export const NEW_TASK: Omit<TaskValues, 'groupId' | 'order'> = EMPTY

/**
 * The task, or null when it is gone. Reads what the server's gate has let in, so the field types hold; a key that an
 * older version never wrote reads as its default.
 */
export function readTask(matrix: MatrixDocument, id: TaskId): Task | null {
  const map = taskMap(matrix, id)
  if (map === null) return null
  const values: Record<string, unknown> = { id }
  for (const [field, fallback] of Object.entries(EMPTY)) values[field] = map.get(field) ?? fallback
  for (const field of Object.keys(TASK_TEXTS)) {
    const text = map.get(field)
    values[field] = text instanceof Y.Text ? text.toString() : ''
  }
  return values as object as Task
}

function readGroup(matrix: MatrixDocument, id: GroupId): Group | null {
  const map = groupMap(matrix, id)
  if (map === null) return null
  return {
    id,
    nameVi: String(map.get('nameVi') ?? ''),
    nameEn: String(map.get('nameEn') ?? ''),
    order: String(map.get('order') ?? 'a0'),
  }
}

function byOrder(a: { order: string; id: string }, b: { order: string; id: string }): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1
  // Two people may insert at the same place at once: the id settles it, the same on every screen.
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

export function readGroups(matrix: MatrixDocument): readonly Group[] {
  const groups: Group[] = []
  for (const id of matrix.groups.keys()) {
    const group = readGroup(matrix, id as GroupId)
    if (group !== null) groups.push(group)
  }
  return groups.toSorted(byOrder)
}

/** Every task, by group and then by its place in the group. Tasks of an unknown group come last. */
export function readTasks(matrix: MatrixDocument): readonly Task[] {
  const rank = new Map(readGroups(matrix).map((group, index) => [group.id, index]))
  const tasks: Task[] = []
  for (const id of matrix.tasks.keys()) {
    const task = readTask(matrix, id as TaskId)
    if (task !== null) tasks.push(task)
  }
  const place = (task: Task): number => rank.get(task.groupId) ?? rank.size
  return tasks.toSorted((a, b) => place(a) - place(b) || byOrder(a, b))
}

/** The roles that stand in a cell, strongest first, the lead not among them. */
export function readCellRoles(matrix: MatrixDocument, task: TaskId, body: BodyId): readonly CellRole[] {
  return (matrix.roles.get(cellKey(task, body)) ?? []).filter(isCellRole)
}

/** All roles of a body in a task, the lead included, strongest first. */
export function readRoles(matrix: MatrixDocument, task: TaskId, body: BodyId): readonly Role[] {
  const roles = readCellRoles(matrix, task, body)
  return taskMap(matrix, task)?.get('lead') === body ? ['lead', ...roles] : roles
}

/** The filled cells of the whole matrix: task → body → roles, strongest first, the lead included. */
export function readAllRoles(matrix: MatrixDocument): ReadonlyMap<TaskId, ReadonlyMap<BodyId, readonly Role[]>> {
  const rows = new Map<TaskId, Map<BodyId, readonly Role[]>>()
  for (const id of matrix.tasks.keys()) {
    const lead = taskMap(matrix, id as TaskId)?.get('lead')
    rows.set(id as TaskId, new Map(typeof lead === 'string' ? [[lead as BodyId, ['lead']]] : []))
  }
  for (const [key, roles] of matrix.roles) {
    const cell = parseCellKey(key)
    const row = cell.ok ? rows.get(cell.value.task) : undefined
    if (!cell.ok || row === undefined || roles.length === 0) continue
    row.set(cell.value.body, [
      ...(row.get(cell.value.body) ?? []),
      ...CELL_ROLES.filter((role) => roles.includes(role)),
    ])
  }
  return rows
}
