import { timeliness } from '@dongbo/model/matrix/queries/timeliness.ts'
import type { Task } from '@dongbo/model/matrix/read.ts'
import type { PlainDate } from '@dongbo/model/plainDate.ts'
import type { ShownStatus } from './StatusMark.tsx'

/** The state with lateness: what is still owed after its deadline shows as overdue, whatever step it is at. */
export function shownStatus(task: Pick<Task, 'status' | 'deadline' | 'completedOn'>, today: PlainDate): ShownStatus {
  return timeliness(task, today) === 'overdue' ? 'overdue' : task.status
}
