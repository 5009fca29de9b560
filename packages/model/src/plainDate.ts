import type { Brand } from '@dongbo/kernel/brand.ts'

/** A civil date as `YYYY-MM-DD` in Asia/Ho_Chi_Minh. Dates compare as strings. */
export type PlainDate = Brand<string, 'PlainDate'>

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/
const DAY_MS = 86_400_000
/** Viet Nam has had UTC+7 without daylight saving since 13/6/1975. */
const VIET_NAM_OFFSET_MS = 7 * 3_600_000

/** The date, or null when the text is not a date of the calendar (`2026-02-30` is none). */
export function parsePlainDate(text: string): PlainDate | null {
  const match = SHAPE.exec(text)
  if (match === null) return null
  const time = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return fromEpochMs(time) === text ? (text as PlainDate) : null
}

/** For dates that our own code wrote. Throws on anything else. */
export function plainDate(text: string): PlainDate {
  const date = parsePlainDate(text)
  if (date === null) throw new Error(`not a date: ${JSON.stringify(text)}`)
  return date
}

/** The civil date in Viet Nam at an instant given in epoch milliseconds. */
export function dateInVietNam(epochMs: number): PlainDate {
  return fromEpochMs(epochMs + VIET_NAM_OFFSET_MS)
}

export function addDays(date: PlainDate, days: number): PlainDate {
  return fromEpochMs(toEpochMs(date) + days * DAY_MS)
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return Math.round((toEpochMs(to) - toEpochMs(from)) / DAY_MS)
}

/** 1 = Monday … 7 = Sunday (ISO 8601). */
export function isoWeekday(date: PlainDate): number {
  return new Date(toEpochMs(date)).getUTCDay() || 7
}

function toEpochMs(date: PlainDate): number {
  return Date.parse(`${date}T00:00:00Z`)
}

function fromEpochMs(epochMs: number): PlainDate {
  return new Date(epochMs).toISOString().slice(0, 10) as PlainDate
}
