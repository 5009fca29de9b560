import { isTaskStatus, type TaskStatus } from '../taskStatus.ts'
import { parsePlainDate, type PlainDate } from '../plainDate.ts'
import type { BodyId, GroupId } from '../ids.ts'
import { parseBodyId, parseGroupId } from '../ids.ts'

/**
 * What kind of thing a field is to the people: rights are given by aspect, not by field.
 * structure: where the row stands. assignment: who leads. target: what was promised (locked by issue).
 * content: how it is worded. progress: what has been done. status: the state, along its transitions.
 */
export type Aspect = 'structure' | 'assignment' | 'target' | 'content' | 'progress' | 'status'

/** Fields that merge by character: each is a Y.Text made together with the task and never replaced. */
export const TASK_TEXTS = {
  titleVi: 'content',
  titleEn: 'content',
  noteVi: 'content',
  productVi: 'target',
  productEn: 'target',
  resultVi: 'progress',
} as const satisfies Record<string, Aspect>
export type TaskTextField = keyof typeof TASK_TEXTS

/** Longest text of a field, in UTF-16 units: a page and a half. */
export const TEXT_LIMIT_UNITS = 8_000

/** How often a task recurs; null: once. */
export const RECURRENCES = ['monthly', 'quarterly', 'half_yearly', 'per_event', 'continuous'] as const
export type Recurrence = (typeof RECURRENCES)[number]

export const LABELS = ['public', 'internal', 'restricted'] as const
export type Label = (typeof LABELS)[number]

/** The fields of a task that are one value under one key: the last write wins. */
export interface TaskValues {
  /** As printed in the column TT, e.g. `III.1`. */
  readonly code: string
  readonly groupId: GroupId
  /** Fractional index within the group. */
  readonly order: string
  readonly label: Label
  readonly lead: BodyId | null
  readonly startDate: PlainDate | null
  readonly deadline: PlainDate | null
  readonly recurrence: Recurrence | null
  readonly quantity: number | null
  readonly unitVi: string
  readonly budgetMillionVnd: number | null
  readonly budgetSourceVi: string
  readonly audienceIds: readonly string[]
  readonly channelIds: readonly string[]
  readonly languages: readonly string[]
  readonly status: TaskStatus
  /** 0 to 100. */
  readonly progressPct: number
  readonly completedOn: PlainDate | null
}
export type TaskValueField = keyof TaskValues

interface ValueField {
  readonly aspect: Aspect
  readonly accepts: (value: unknown) => boolean
}

const text =
  (maxLength: number) =>
  (value: unknown): boolean =>
    typeof value === 'string' && value.length <= maxLength && value.normalize('NFC') === value
const amount = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= 1e12
const orNull =
  (accepts: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === null || accepts(value)
const oneOf =
  (allowed: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'string' && allowed.includes(value)
const date = (value: unknown): boolean => typeof value === 'string' && parsePlainDate(value) !== null
const idList = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= 64 && value.every((id) => typeof id === 'string' && parseBodyId(id).ok)

/** One line a field: what it is to people and which values it takes. Writes of anything else are refused. */
export const TASK_VALUES: Readonly<Record<TaskValueField, ValueField>> = {
  code: { aspect: 'structure', accepts: text(24) },
  groupId: { aspect: 'structure', accepts: (value) => typeof value === 'string' && parseGroupId(value).ok },
  order: { aspect: 'structure', accepts: (value) => typeof value === 'string' && isOrderKey(value) },
  label: { aspect: 'structure', accepts: oneOf(LABELS) },
  lead: { aspect: 'assignment', accepts: orNull((value) => typeof value === 'string' && parseBodyId(value).ok) },
  startDate: { aspect: 'target', accepts: orNull(date) },
  deadline: { aspect: 'target', accepts: orNull(date) },
  recurrence: { aspect: 'target', accepts: orNull(oneOf(RECURRENCES)) },
  quantity: { aspect: 'target', accepts: orNull(amount) },
  unitVi: { aspect: 'target', accepts: text(40) },
  budgetMillionVnd: { aspect: 'target', accepts: orNull(amount) },
  budgetSourceVi: { aspect: 'target', accepts: text(200) },
  audienceIds: { aspect: 'target', accepts: idList },
  channelIds: { aspect: 'target', accepts: idList },
  languages: { aspect: 'target', accepts: idList },
  status: { aspect: 'status', accepts: isTaskStatus },
  progressPct: {
    aspect: 'progress',
    accepts: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100,
  },
  completedOn: { aspect: 'progress', accepts: orNull(date) },
}

/** The fields of a group (section): all one value under one key, all structure. */
export interface GroupValues {
  readonly nameVi: string
  readonly nameEn: string
  readonly order: string
}
export type GroupField = keyof GroupValues

export const GROUP_VALUES: Readonly<Record<GroupField, (value: unknown) => boolean>> = {
  nameVi: text(300),
  nameEn: text(300),
  order: (value) => typeof value === 'string' && isOrderKey(value),
}

/** The smallest integer part of an order key: nothing could ever be put before it. */
const SMALLEST_ORDER = `A${'0'.repeat(26)}`

/**
 * A key of a fractional index (npm `fractional-indexing`): base 62 with an integer part whose first letter says how long
 * it is. On any other key the package throws, and nobody could add a row beside it any more.
 */
function isOrderKey(value: string): boolean {
  if (!/^[A-Za-z][0-9A-Za-z]{1,200}$/.test(value) || value === SMALLEST_ORDER) return false
  const head = value.charCodeAt(0)
  const integerLength = head >= 97 ? head - 97 + 2 : 90 - head + 2
  return value.length === integerLength || (value.length > integerLength && !value.endsWith('0'))
}

export function isTaskTextField(field: string): field is TaskTextField {
  return Object.hasOwn(TASK_TEXTS, field)
}

export function isTaskValueField(field: string): field is TaskValueField {
  return Object.hasOwn(TASK_VALUES, field)
}

export function isGroupField(field: string): field is GroupField {
  return Object.hasOwn(GROUP_VALUES, field)
}
