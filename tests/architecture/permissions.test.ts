import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TASK_TEXTS, TASK_VALUES } from '@dongbo/model/matrix/fields.ts'
import { PLAN_STATUSES, type PlanStatus } from '@dongbo/model/plan.ts'
import { TASK_TRANSITIONS } from '@dongbo/model/taskStatus.ts'
import { describe, expect, test } from 'vitest'
import { ACTS, PEOPLE, verdict } from './permissionCases.ts'

const PAGE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'permissions.md'), 'utf8')

function section(heading: string): string {
  const found = PAGE.split(/^## /m).find((text) => text.startsWith(heading))
  if (!found) throw new Error(`docs/permissions.md has no section "${heading}"`)
  return found
}

/** The rows of a section's table, without its head, as plain text. */
function rows(heading: string): string[][] {
  const lines = section(heading)
    .split('\n')
    .filter((line) => line.startsWith('| '))
  return lines
    .slice(1)
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')))
}

const HEADS = ['Coordinator', 'Lead body', 'Monitoring body', 'Another body']
const base = rows('While the plan is `draft`')
const later = rows('While it is `appraising`')
const issued = rows('While it is `issued`')
/** The plan's states and the rows that differ from the first table. */
const STATES: readonly (readonly [PlanStatus, string[][]])[] = [
  ['draft', []],
  ['consulting', []],
  ['appraising', later],
  ['submitted', later],
  ['amended', later],
  ['issued', issued],
]

describe.each(STATES)('while the plan is %s', (status, differing) => {
  const table = base.map((row) => differing.find(([act]) => act === row[0]) ?? row)

  test.each(table)('%s', (act, ...written) => {
    expect(HEADS.map((head) => verdict(act, head, status))).toEqual(written)
  })
})

test('the page has every act and every state', () => {
  expect(base.map(([act]) => act)).toEqual(Object.keys(ACTS))
  expect([...STATES.map(([status]) => status), 'closed'].toSorted()).toEqual([...PLAN_STATUSES].toSorted())
})

test('a closed plan, an observer and an ended body write nothing', () => {
  for (const act of Object.keys(ACTS)) {
    for (const head of HEADS) expect(verdict(act, head, 'closed'), `${act}, ${head}`).toBe('plan-closed')
    for (const [status] of STATES) {
      expect(verdict(act, 'Observer', status), act).toBe('observer')
      expect(verdict(act, 'Ended body', status), act).toBe('body-ended')
    }
  }
  expect(Object.keys(PEOPLE)).toHaveLength(HEADS.length + 2)
})

test('every field stands under its aspect', () => {
  const written = rows('Fields').flatMap(([aspect, , fields = '']) =>
    fields.split(', ').map((field) => [field, aspect]),
  )
  const texts = Object.entries(TASK_TEXTS)
  const values = Object.entries(TASK_VALUES).map(([field, { aspect }]) => [field, aspect])
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries([...texts, ...values]))
})

test('the steps of a task are those of the model', () => {
  expect(rows('States of a task')).toEqual(TASK_TRANSITIONS.map(({ from, to, by }) => [from, to, by]))
})

test('every code of a denial is on the page', () => {
  const source = readFileSync(join(import.meta.dirname, '../../packages/policy/src/decision.ts'), 'utf8')
  const codes = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code = '']) => code)
  expect(codes.length).toBeGreaterThan(10)
  expect(codes.filter((code) => !PAGE.includes(`\`${code}\``))).toEqual([])
})
