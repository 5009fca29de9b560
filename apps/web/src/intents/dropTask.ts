import type { TaskId } from '@dongbo/model/ids.ts'
import { removeTask } from '@dongbo/model/matrix/operations/removeTask.ts'
import type { Writer } from './writer.ts'

/** Removes a row that was added by mistake. */
export function dropTask(writer: Writer, task: TaskId): void {
  removeTask(writer.matrix, task, writer.origin)
}
