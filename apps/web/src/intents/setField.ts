import type { TaskId } from '@dongbo/model/ids.ts'
import { TASK_VALUES, type TaskValueField, type TaskValues } from '@dongbo/model/matrix/fields.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import type { Writer } from './writer.ts'

/** Sets one value of a task. Values that the model does not take are ignored: the field that offered them says so. */
export function setField<Field extends TaskValueField>(
  writer: Writer,
  task: TaskId,
  field: Field,
  value: TaskValues[Field],
): void {
  if (TASK_VALUES[field].accepts(value)) setTaskValue(writer.matrix, task, field, value, writer.origin)
}
