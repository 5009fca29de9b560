export const TASK_STATUSES = [
  'draft',
  'proposed',
  'assigned',
  'in_progress',
  'submitted',
  'accepted',
  'returned',
  'paused',
  'cancelled',
] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]

/** In which capacity a person moves a task on. */
export type Capacity = 'member' | 'coordinator' | 'lead' | 'judge'

export interface Transition {
  readonly from: TaskStatus
  readonly to: TaskStatus
  /** `judge`: a body with the approve or monitor role in this task. */
  readonly by: Capacity
}

const OPEN: readonly TaskStatus[] = ['draft', 'proposed', 'assigned', 'in_progress', 'submitted', 'returned', 'paused']

/** The states of a task and who may move it on (domain model, table "States and transitions"). */
export const TASK_TRANSITIONS: readonly Transition[] = [
  { from: 'draft', to: 'proposed', by: 'member' },
  { from: 'draft', to: 'assigned', by: 'coordinator' },
  { from: 'proposed', to: 'assigned', by: 'coordinator' },
  { from: 'proposed', to: 'draft', by: 'coordinator' },
  { from: 'assigned', to: 'in_progress', by: 'lead' },
  { from: 'in_progress', to: 'submitted', by: 'lead' },
  { from: 'submitted', to: 'accepted', by: 'judge' },
  { from: 'submitted', to: 'returned', by: 'judge' },
  { from: 'returned', to: 'in_progress', by: 'lead' },
  { from: 'assigned', to: 'paused', by: 'coordinator' },
  { from: 'in_progress', to: 'paused', by: 'coordinator' },
  { from: 'paused', to: 'assigned', by: 'coordinator' },
  { from: 'paused', to: 'in_progress', by: 'coordinator' },
  ...OPEN.map((from): Transition => ({ from, to: 'cancelled', by: 'coordinator' })),
]

export function isTaskStatus(value: unknown): value is TaskStatus {
  return TASK_STATUSES.includes(value as TaskStatus)
}
