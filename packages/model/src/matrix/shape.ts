import * as Y from 'yjs'
import { err, ok, type Result } from '@dongbo/kernel/result.ts'
import { parseBodyId, parseTaskId, type BodyId, type GroupId, type TaskId } from '../ids.ts'
import type { CellRole } from '../role.ts'
import type { TaskTextField } from './fields.ts'

/** The key of a cell in `roles`: the task's row and the body's column. Neither id contains a colon. */
export type CellKey = `${string}:${string}`

/**
 * A matrix as its Yjs roots. Only this folder and the gate know the key names; everybody else reads plain values
 * (`read.ts`, `queries/`) and writes through `operations/`.
 */
export interface MatrixDocument {
  readonly doc: Y.Doc
  readonly groups: Y.Map<Y.Map<unknown>>
  readonly tasks: Y.Map<Y.Map<unknown>>
  readonly roles: Y.Map<readonly CellRole[]>
  readonly proposals: Y.Map<Y.Map<unknown>>
}

export function openMatrix(doc: Y.Doc): MatrixDocument {
  return {
    doc,
    groups: doc.getMap('groups'),
    tasks: doc.getMap('tasks'),
    roles: doc.getMap('roles'),
    proposals: doc.getMap('proposals'),
  }
}

export function cellKey(task: TaskId, body: BodyId): CellKey {
  return `${task}:${body}`
}

export function parseCellKey(key: string): Result<{ task: TaskId; body: BodyId }, 'malformed-cell-key'> {
  const colon = key.indexOf(':')
  const task = parseTaskId(key.slice(0, Math.max(colon, 0)))
  const body = parseBodyId(key.slice(colon + 1))
  return task.ok && body.ok ? ok({ task: task.value, body: body.value }) : err('malformed-cell-key')
}

export function taskMap(matrix: MatrixDocument, id: TaskId): Y.Map<unknown> | null {
  return matrix.tasks.get(id) ?? null
}

export function groupMap(matrix: MatrixDocument, id: GroupId): Y.Map<unknown> | null {
  return matrix.groups.get(id) ?? null
}

/** The live text of a field, or null when the task is gone. */
export function taskText(matrix: MatrixDocument, id: TaskId, field: TaskTextField): Y.Text | null {
  const text = taskMap(matrix, id)?.get(field)
  return text instanceof Y.Text ? text : null
}
