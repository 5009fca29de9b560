import { addDays, plainDate, type PlainDate } from '@dongbo/model/plainDate.ts'

export interface DayOff {
  readonly date: PlainDate
  readonly nameVi: string
  readonly nameEn: string
}

interface Holiday {
  readonly from: string
  readonly days: number
  readonly nameVi: string
  readonly nameEn: string
}

/**
 * The twelve paid days off of 2026 as they fall on weekdays (Labour Code art. 112, and from this year 24/11). The
 * 10th of the third lunar month is a Sunday, hence the day in lieu.
 *
 * 02/01 and 31/8 are missing on purpose: offices that close on them work a Saturday instead, so they are moved working
 * days and not paid days off. The sample's expected findings count in the same way.
 */
const HOLIDAYS_2026: readonly Holiday[] = [
  { from: '2026-01-01', days: 1, nameVi: 'Tết Dương lịch', nameEn: 'New Year’s Day' },
  { from: '2026-02-16', days: 5, nameVi: 'Tết Nguyên đán Bính Ngọ', nameEn: 'Lunar New Year' },
  {
    from: '2026-04-27',
    days: 1,
    nameVi: 'Nghỉ bù Giỗ Tổ Hùng Vương',
    nameEn: 'Hung Kings’ Commemoration Day, day off in lieu',
  },
  { from: '2026-04-30', days: 1, nameVi: 'Ngày Chiến thắng 30/4', nameEn: 'Reunification Day' },
  { from: '2026-05-01', days: 1, nameVi: 'Ngày Quốc tế Lao động', nameEn: 'International Labour Day' },
  { from: '2026-09-01', days: 2, nameVi: 'Quốc khánh', nameEn: 'National Day' },
  { from: '2026-11-24', days: 1, nameVi: 'Ngày Văn hóa Việt Nam', nameEn: 'Viet Nam Culture Day' },
]

/** One entry a day, in order. */
export function demoDaysOff(): readonly DayOff[] {
  return HOLIDAYS_2026.flatMap(({ from, days, nameVi, nameEn }) =>
    Array.from({ length: days }, (_, offset) => ({ date: addDays(plainDate(from), offset), nameVi, nameEn })),
  )
}
