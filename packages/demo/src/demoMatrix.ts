import { trustedId, type BodyId, type GroupId, type TaskId } from '@dongbo/model/ids.ts'
import { addGroup } from '@dongbo/model/matrix/operations/addGroup.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { plainDate, type PlainDate } from '@dongbo/model/plainDate.ts'
import { isCellRole, type CellRole } from '@dongbo/model/role.ts'
import * as Y from 'yjs'
import { samplePlan, type SampleTask } from './samplePlan.ts'

/** The matrix of the demo plan as one Yjs update: the first entry of its log. */
export function demoMatrix(): Uint8Array {
  const doc = new Y.Doc()
  const matrix = openMatrix(doc)
  doc.transact(() => {
    for (const group of samplePlan.taskGroups) {
      addGroup(matrix, { id: trustedId<GroupId>(group.id), nameVi: group.name_vi, nameEn: group.name_en }, 'demo')
    }
    for (const task of samplePlan.tasks) putTask(matrix, task)
  }, 'demo')
  const update = Y.encodeStateAsUpdate(doc)
  doc.destroy()
  return update
}

function putTask(matrix: MatrixDocument, sample: SampleTask): void {
  const id = trustedId<TaskId>(sample.id)
  const lead = sample.roles.find(({ role }) => role === 'lead')?.orgId
  addTask(
    matrix,
    {
      id,
      groupId: trustedId<GroupId>(sample.groupId),
      values: {
        code: sample.code,
        label: sample.label,
        lead: lead === undefined ? null : trustedId<BodyId>(lead),
        startDate: dateOf(sample.startDate),
        deadline: dateOf(sample.deadline),
        recurrence: sample.recurrence,
        quantity: sample.product.quantity,
        unitVi: sample.product.unit_vi,
        budgetMillionVnd: sample.budget.amountMillionVND,
        budgetSourceVi: sample.budget.source_vi,
        audienceIds: [...sample.audienceIds],
        channelIds: [...sample.channelIds],
        languages: [...sample.languages],
        status: sample.status,
        progressPct: sample.progressPct,
        completedOn: dateOf(sample.completedOn),
      },
      texts: {
        titleVi: sample.title_vi,
        titleEn: sample.title_en,
        productVi: sample.product.vi,
        productEn: sample.product.en,
        noteVi: sample.note_vi,
      },
    },
    'demo',
  )
  for (const [body, roles] of cellsOf(sample)) setCellRoles(matrix, id, body, roles, 'demo')
}

function cellsOf(sample: SampleTask): ReadonlyMap<BodyId, readonly CellRole[]> {
  const cells = new Map<BodyId, CellRole[]>()
  for (const { role, orgId } of sample.roles) {
    const body = trustedId<BodyId>(orgId)
    if (isCellRole(role)) cells.set(body, [...(cells.get(body) ?? []), role])
  }
  return cells
}

function dateOf(text: string | null): PlainDate | null {
  return text === null ? null : plainDate(text)
}
