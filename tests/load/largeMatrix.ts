import { generateNKeysBetween } from 'fractional-indexing'
import * as Y from 'yjs'
import { trustedId, type BodyId, type TaskId } from '@dongbo/model/ids.ts'
import { TASK_TEXTS } from '@dongbo/model/matrix/fields.ts'
import { NEW_TASK } from '@dongbo/model/matrix/read.ts'
import { cellKey, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { SECTION, smallMatrix } from '@dongbo/testkit/matrices.ts'

/** The task of a row that `addRows` made. */
export function rowTask(row: number): TaskId {
  return trustedId<TaskId>(`NV-B-${row}`)
}

/** Adds rows at once, from a number on; the operation for one task reads all others each time. */
export function addRows(matrix: MatrixDocument, from: number, count: number, bodies: number, origin: unknown): void {
  matrix.doc.transact(() => {
    for (const [index, order] of generateNKeysBetween('a9', null, count).entries()) {
      const row = from + index
      const task = new Y.Map<unknown>()
      for (const [field, value] of Object.entries({ ...NEW_TASK, groupId: SECTION, order })) task.set(field, value)
      for (const field of Object.keys(TASK_TEXTS)) task.set(field, new Y.Text(`Hoạt động quảng bá số ${row}`))
      matrix.tasks.set(rowTask(row), task)
      for (let body = 0; body < bodies; body++) {
        matrix.roles.set(cellKey(rowTask(row), trustedId<BodyId>(`s-${body}`)), ['inform'])
      }
    }
  }, origin)
}

export function largeMatrix(rows: number, bodies: number): MatrixDocument {
  const matrix = smallMatrix()
  addRows(matrix, 0, rows, bodies, null)
  return matrix
}
