import { daysBetween, type PlainDate } from '../../plainDate.ts'
import type { TaskStatus } from '../../taskStatus.ts'
import type { Task } from '../read.ts'

/** Derived from dates and status, never typed: computed at the end of the civil day in Viet Nam. */
export type Timeliness = 'on-schedule' | 'due-soon' | 'overdue' | 'done-on-time' | 'done-late' | 'none'

/** A task is "due soon" this many days before its deadline. */
const DUE_SOON_DAYS = 7

/** The states in which the lead still owes the product. */
const OWED: readonly TaskStatus[] = ['draft', 'proposed', 'assigned', 'in_progress', 'returned']

export function timeliness(task: Pick<Task, 'status' | 'deadline' | 'completedOn'>, today: PlainDate): Timeliness {
  const { deadline, completedOn, status } = task
  if (status === 'accepted' && completedOn !== null) {
    return deadline !== null && completedOn > deadline ? 'done-late' : 'done-on-time'
  }
  if (deadline === null || !OWED.includes(status)) return 'none'
  if (deadline < today) return 'overdue'
  return daysBetween(today, deadline) <= DUE_SOON_DAYS ? 'due-soon' : 'on-schedule'
}
