import type { TaskId } from '@dongbo/model/ids.ts'
import type { TaskTextField } from '@dongbo/model/matrix/fields.ts'
import { editTaskText, type TextChange } from '@dongbo/model/matrix/operations/editTaskText.ts'
import type { Writer } from './writer.ts'

/** One stroke of typing in a text of a task; merges with what others type at the same time. */
export function typeInTask(writer: Writer, task: TaskId, field: TaskTextField, change: TextChange): void {
  editTaskText(writer.matrix, task, field, change, writer.origin)
}
