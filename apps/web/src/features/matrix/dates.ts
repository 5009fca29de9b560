import { daysBetween, isoWeekday, parsePlainDate, type PlainDate } from '@dongbo/model/plainDate.ts'
import type { Language } from '#i18n/catalogue.ts'

const LOCALE: Readonly<Record<Language, string>> = { vi: 'vi-VN', en: 'en-GB' }

/** `22/10` within the plan's year, `22/10/2025` outside it. */
export function shortDate(date: PlainDate, planYear: number): string {
  const [year, month, day] = date.split('-').map(Number)
  return year === planYear ? `${day}/${month}` : `${day}/${month}/${year}`
}

/** `Thứ Năm 22/10/2026`, with spaces that do not break. */
export function longDate(date: PlainDate, language: Language): string {
  const [year, month, day] = date.split('-').map(Number)
  return `${weekdayName(date, language)}\u00a0${day}/${month}/${year}`
}

export function weekdayName(date: PlainDate, language: Language): string {
  const name = new Intl.DateTimeFormat(LOCALE[language], { weekday: 'long', timeZone: 'UTC' }).format(
    Date.parse(`${date}T00:00:00Z`),
  )
  return name.replaceAll(' ', '\u00a0')
}

/** `10:42:07` on the server's clock, in Viet Nam. */
export function clockTime(epochMs: number): string {
  return new Intl.DateTimeFormat('vi-VN', {
    timeStyle: 'medium',
    timeZone: 'Asia/Ho_Chi_Minh',
    hourCycle: 'h23',
  }).format(epochMs)
}

/** Reads `22/10/2026`, `22-10-2026`, `22.10` (then in `planYear`) or `2026-10-22`; null for anything else. */
export function readDate(text: string, planYear: number): PlainDate | null {
  const iso = parsePlainDate(text.trim())
  if (iso !== null) return iso
  const match = /^(\d{1,2})\s*[/.\- ]\s*(\d{1,2})(?:\s*[/.\- ]\s*(\d{4}|\d{2}))?$/.exec(text.trim())
  if (match === null) return null
  const [, day = '', month = '', year] = match
  const fullYear = year === undefined ? String(planYear) : year.length === 2 ? `20${year}` : year
  return parsePlainDate(`${fullYear}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
}

/** How a deadline stands today: days left (negative when late). */
export function daysLeft(deadline: PlainDate, today: PlainDate): number {
  return daysBetween(today, deadline)
}

export function isWeekend(date: PlainDate): boolean {
  return isoWeekday(date) >= 6
}
