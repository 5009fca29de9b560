import { foldText } from '../../foldText.ts'
import type { TaskId } from '../../ids.ts'
import { isoWeekday, type PlainDate } from '../../plainDate.ts'
import type { Task } from '../read.ts'
import { timeliness } from './timeliness.ts'

/** What a coordinator should look at in the tasks of a plan. */
export interface TaskFindings {
  readonly overdue: readonly TaskId[]
  readonly completedLate: readonly TaskId[]
  readonly noLead: readonly TaskId[]
  /** Same product, audience, channel and time: one body's work done twice. */
  readonly duplicate: readonly (readonly [TaskId, TaskId])[]
  readonly deadlineNotWorkingDay: readonly TaskId[]
}

/**
 * @param today the civil date in Viet Nam
 * @param daysOff public holidays and days in lieu; Saturdays and Sundays need not be listed
 */
export function taskFindings(tasks: readonly Task[], today: PlainDate, daysOff: ReadonlySet<PlainDate>): TaskFindings {
  const alive = tasks.filter((task) => task.status !== 'cancelled')
  const idsOf = (found: readonly Task[]): readonly TaskId[] => found.map((task) => task.id)
  return {
    overdue: idsOf(alive.filter((task) => timeliness(task, today) === 'overdue')),
    completedLate: idsOf(alive.filter((task) => timeliness(task, today) === 'done-late')),
    noLead: idsOf(alive.filter((task) => task.lead === null)),
    duplicate: duplicates(alive),
    deadlineNotWorkingDay: idsOf(
      alive.filter((task) => task.deadline !== null && !isWorkingDay(task.deadline, daysOff)),
    ),
  }
}

function isWorkingDay(date: PlainDate, daysOff: ReadonlySet<PlainDate>): boolean {
  return isoWeekday(date) <= 5 && !daysOff.has(date)
}

/** Share of common words from which two products are called the same. */
const SAME_PRODUCT = 0.5

function duplicates(tasks: readonly Task[]): readonly (readonly [TaskId, TaskId])[] {
  const words = new Map(tasks.map((task) => [task.id, wordsOf(task.productVi)]))
  const pairs: (readonly [TaskId, TaskId])[] = []
  for (const [index, first] of tasks.entries()) {
    for (const second of tasks.slice(index + 1)) {
      if (!meets(first.audienceIds, second.audienceIds) || !meets(first.channelIds, second.channelIds)) continue
      if (first.unitVi !== second.unitVi || !overlaps(first, second)) continue
      const shared = similarity(words.get(first.id) ?? new Set(), words.get(second.id) ?? new Set())
      if (shared >= SAME_PRODUCT) pairs.push([first.id, second.id])
    }
  }
  return pairs
}

function meets(some: readonly string[], others: readonly string[]): boolean {
  return some.some((id) => others.includes(id))
}

function overlaps(first: Task, second: Task): boolean {
  const starts = (task: Task): string => task.startDate ?? ''
  const ends = (task: Task): string => task.deadline ?? '9999-12-31'
  return starts(first) <= ends(second) && starts(second) <= ends(first)
}

/** Words without marks and numbers: "tờ gấp 5 ngôn ngữ" and "tờ gấp 4 ngôn ngữ" are the same kind of thing. */
function wordsOf(product: string): ReadonlySet<string> {
  return new Set(
    foldText(product)
      .split(/[^a-z0-9]+/)
      .filter((word) => word !== '' && !/^\d+$/.test(word)),
  )
}

/** Jaccard index: common words by all words, 0 to 1. */
function similarity(some: ReadonlySet<string>, others: ReadonlySet<string>): number {
  const common = [...some].filter((word) => others.has(word)).length
  const all = some.size + others.size - common
  return all === 0 ? 0 : common / all
}
