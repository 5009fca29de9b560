import { BODY_KINDS } from '@dongbo/model/body.ts'
import { isoWeekday, parsePlainDate } from '@dongbo/model/plainDate.ts'
import { trustedId, type TaskId } from '@dongbo/model/ids.ts'
import { TASK_VALUES, type TaskValueField } from '@dongbo/model/matrix/fields.ts'
import { readAllRoles, readGroups, readTasks } from '@dongbo/model/matrix/read.ts'
import { openMatrix } from '@dongbo/model/matrix/shape.ts'
import { ROLES } from '@dongbo/model/role.ts'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { demoAccounts } from './demoAccounts.ts'
import { demoBodies } from './demoBodies.ts'
import { demoDaysOff } from './demoDaysOff.ts'
import { demoMatrix } from './demoMatrix.ts'
import { samplePlan } from './samplePlan.ts'

function openDemo() {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, demoMatrix())
  return openMatrix(doc)
}

test('the file is what its types say', () => {
  const bodies = new Set(samplePlan.organisations.map((body) => body.id))
  expect(bodies.size).toBe(56)
  for (const body of demoBodies()) {
    expect(BODY_KINDS).toContain(body.kind)
    for (const id of [...body.successorIds, ...(body.parentId === null ? [] : [body.parentId])]) {
      expect(bodies).toContain(id)
    }
  }
  const groups = new Set(samplePlan.taskGroups.map((group) => group.id))
  for (const task of samplePlan.tasks) {
    expect(groups).toContain(task.groupId)
    for (const { role, orgId } of task.roles) {
      expect(ROLES).toContain(role)
      expect(bodies).toContain(orgId)
    }
  }
  expect(JSON.stringify(samplePlan)).toBe(JSON.stringify(samplePlan).normalize('NFC'))
})

test('the matrix holds every group, task and role of the file, in its order, with values that the gate would take', () => {
  const matrix = openDemo()
  expect(readGroups(matrix).map((group) => group.id)).toEqual(samplePlan.taskGroups.map((group) => group.id))
  const tasks = readTasks(matrix)
  expect(tasks.map((task) => task.id)).toEqual(samplePlan.tasks.map((task) => task.id))
  for (const task of tasks) {
    for (const field of Object.keys(TASK_VALUES) as TaskValueField[]) {
      expect(TASK_VALUES[field].accepts(task[field]), `${task.id} ${field} ${JSON.stringify(task[field])}`).toBe(true)
    }
  }
  const roles = readAllRoles(matrix)
  for (const sample of samplePlan.tasks) {
    const found = [...(roles.get(trustedId<TaskId>(sample.id)) ?? [])].flatMap(([body, held]) =>
      held.map((role) => `${body} ${role}`),
    )
    expect(found.toSorted()).toEqual(sample.roles.map(({ role, orgId }) => `${orgId} ${role}`).toSorted())
  }
})

test('there is an officer and an approver for each body, a coordinator and an administrator', () => {
  const accounts = demoAccounts()
  expect(accounts).toHaveLength(56 * 2 + 2)
  expect(new Set(accounts.map((account) => account.email)).size).toBe(accounts.length)
  expect(accounts.find((account) => account.email === 'svhtt.officer@demo.dongbo')?.displayName).toBe(
    'Chuyên viên Sở VH&TT',
  )
  for (const account of accounts) expect(account.email).toBe(account.email.toLowerCase())
})

test('the days off of 2026 are twelve, all on working days of the week', () => {
  const days = demoDaysOff()
  expect(days).toHaveLength(12)
  for (const { date } of days) {
    expect(parsePlainDate(date)).toBe(date)
    expect(isoWeekday(date)).toBeLessThan(6)
  }
  expect(days.map(({ date }) => date).toSorted()).toEqual(days.map(({ date }) => date))
})
