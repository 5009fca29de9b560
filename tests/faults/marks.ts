import { demoBodies } from '@dongbo/demo/demoBodies.ts'
import { samplePlan } from '@dongbo/demo/samplePlan.ts'
import { trustedId, type TaskId } from '@dongbo/model/ids.ts'
import type { Connection } from '@dongbo/sync/client/connection.ts'
import { expect } from 'vitest'

/** A person of the demo and a task whose note he may write: his body leads it. */
export interface Desk {
  readonly email: string
  readonly task: TaskId
}

/** Every pair of an officer and a task that his body leads, each body once. */
export function desks(): readonly [Desk, ...Desk[]] {
  const taken = new Set<string>()
  const [first, ...others] = samplePlan.tasks.flatMap((task) => {
    const lead = task.roles.find(({ role }) => role === 'lead')?.orgId
    const isLive = demoBodies().some((body) => body.id === lead && body.validTo === null)
    if (lead === undefined || !isLive || taken.has(lead)) return []
    taken.add(lead)
    return [{ email: `${lead}.officer@demo.dongbo`, task: trustedId<TaskId>(task.id) }]
  })
  if (first === undefined) throw new Error('nobody leads a task')
  return [first, ...others]
}

/** What a `Typist` types. */
export const MARK = /<[\w.]+>/g

/** How often each mark stands in a copy of the document, wherever it stands. */
export function marksIn(tab: Connection): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const [mark] of contentOf(tab).matchAll(MARK)) counts.set(mark, (counts.get(mark) ?? 0) + 1)
  return counts
}

/** Everything that a copy shows, as one text: equal content, whatever the state vectors say. */
export function contentOf(tab: Connection): string {
  return JSON.stringify(tab.view.matrix.doc.toJSON())
}

/** Each of `marks` stands in the copy, and none of them twice. */
export function expectOnce(marks: readonly string[], copy: ReadonlyMap<string, number>): void {
  expect(marks.filter((mark) => copy.get(mark) !== 1)).toEqual([])
}

/** What may have become durable or not: never twice. */
export function expectAtMostOnce(marks: readonly string[], copy: ReadonlyMap<string, number>): void {
  expect(marks.filter((mark) => (copy.get(mark) ?? 0) > 1)).toEqual([])
}

/** What was deleted stays deleted. */
export function expectNone(marks: readonly string[], copy: ReadonlyMap<string, number>): void {
  expect(marks.filter((mark) => copy.has(mark))).toEqual([])
}

/** The server took everything that these tabs have typed. */
export function expectNoneRefused(tabs: readonly Connection[]): void {
  expect(tabs.flatMap(({ view }) => view.refused)).toEqual([])
}
