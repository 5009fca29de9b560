import type { TaskId } from '../../ids.ts'
import type { TaskValueField, TaskValues } from '../fields.ts'
import { taskMap, type MatrixDocument } from '../shape.ts'

/** Sets one value of a task. Does nothing when it already stands there, or when the task is gone. */
export function setTaskValue<Field extends TaskValueField>(
  matrix: MatrixDocument,
  id: TaskId,
  field: Field,
  value: TaskValues[Field],
  origin: unknown,
): void {
  const map = taskMap(matrix, id)
  const stored = typeof value === 'string' ? value.normalize('NFC') : value
  if (map === null || map.get(field) === stored) return
  matrix.doc.transact(() => map.set(field, stored), origin)
}
