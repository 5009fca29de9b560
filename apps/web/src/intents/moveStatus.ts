import type { TaskId } from '@dongbo/model/ids.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import type { PlainDate } from '@dongbo/model/plainDate.ts'
import type { TaskStatus } from '@dongbo/model/taskStatus.ts'
import type { Writer } from './writer.ts'

/** Moves a task to another state. Handing in the product notes the day, unless a day is already written. */
export function moveStatus(writer: Writer, task: TaskId, status: TaskStatus, today: PlainDate): void {
  setTaskValue(writer.matrix, task, 'status', status, writer.origin)
  if (status !== 'submitted' || readTask(writer.matrix, task)?.completedOn !== null) return
  setTaskValue(writer.matrix, task, 'completedOn', today, writer.origin)
}

/** Notes on which day the product was finished; null takes it back. */
export function setCompletedOn(writer: Writer, task: TaskId, day: PlainDate | null): void {
  setTaskValue(writer.matrix, task, 'completedOn', day, writer.origin)
}
