import { expect, test } from 'vitest'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { taskFindings } from '@dongbo/model/matrix/queries/findings.ts'
import { readAllRoles, readTasks } from '@dongbo/model/matrix/read.ts'
import { openMatrix } from '@dongbo/model/matrix/shape.ts'
import { plainDate } from '@dongbo/model/plainDate.ts'
import * as Y from 'yjs'
import { demoDaysOff } from './demoDaysOff.ts'
import { demoMatrix } from './demoMatrix.ts'
import { samplePlan } from './samplePlan.ts'

function demo(): ReturnType<typeof openMatrix> {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, demoMatrix())
  return openMatrix(doc)
}

const expected = new Map(samplePlan.expectedFindings.map((finding) => [finding.rule, finding]))

test('the findings about tasks are exactly those of the sample plan on its day', () => {
  const found = taskFindings(
    readTasks(demo()),
    plainDate(samplePlan.meta.demoToday),
    new Set(demoDaysOff().map((day) => day.date)),
  )
  expect(found).toEqual({
    overdue: expected.get('task.overdue')?.ids,
    completedLate: expected.get('task.completedLate')?.ids,
    noLead: expected.get('task.noLead')?.ids,
    duplicate: expected.get('task.duplicate')?.pairs,
    deadlineNotWorkingDay: expected.get('task.deadlineNotWorkingDay')?.ids,
  })
})

test('the demo matrix holds every task and role of the sample, and keeps the invariants', () => {
  const matrix = demo()
  expect(matrixViolations(matrix)).toEqual([])
  const rows = readAllRoles(matrix)
  const roles = [...rows].flatMap(([task, row]) =>
    [...row].flatMap(([body, held]) => held.map((role) => `${task} ${body} ${role}`)),
  )
  const sample = samplePlan.tasks.flatMap((task) => task.roles.map((held) => `${task.id} ${held.orgId} ${held.role}`))
  expect(roles.toSorted()).toEqual([...new Set(sample)].toSorted())
})
