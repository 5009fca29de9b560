import * as Y from 'yjs'
import { parseGroupId, parseTaskId } from '../ids.ts'
import { CELL_ROLES, isCellRole } from '../role.ts'
import { GROUP_VALUES, TASK_TEXTS, TASK_VALUES } from './fields.ts'
import { readProposal } from './proposals/read.ts'
import { parseCellKey, type MatrixDocument } from './shape.ts'

/**
 * What must hold in every copy of a matrix after every step, whatever was merged: each finding is one sentence for
 * `dongbo doctor`. Empty: all is well.
 */
export function matrixViolations(matrix: MatrixDocument): readonly string[] {
  return [
    ...groupViolations(matrix),
    ...taskViolations(matrix),
    ...cellViolations(matrix),
    ...proposalViolations(matrix),
  ]
}

function groupViolations({ groups }: MatrixDocument): readonly string[] {
  const found: string[] = []
  for (const [id, group] of groups) {
    if (!parseGroupId(id).ok || !(group instanceof Y.Map)) {
      found.push(`groups/${id} is not a group`)
      continue
    }
    for (const [field, accepts] of Object.entries(GROUP_VALUES)) {
      if (!accepts(group.get(field))) found.push(`groups/${id}/${field} holds a value it cannot have`)
    }
  }
  return found
}

function taskViolations({ tasks }: MatrixDocument): readonly string[] {
  const found: string[] = []
  for (const [id, task] of tasks) {
    if (!parseTaskId(id).ok || !(task instanceof Y.Map)) {
      found.push(`tasks/${id} is not a task`)
      continue
    }
    for (const field of Object.keys(TASK_TEXTS)) {
      if (!(task.get(field) instanceof Y.Text)) found.push(`tasks/${id}/${field} is not a text`)
    }
    for (const [field, { accepts }] of Object.entries(TASK_VALUES)) {
      if (!accepts(task.get(field))) found.push(`tasks/${id}/${field} holds a value it cannot have`)
    }
    const expected = Object.keys(TASK_TEXTS).length + Object.keys(TASK_VALUES).length
    if (task.size !== expected) found.push(`tasks/${id} has ${task.size} fields instead of ${expected}`)
  }
  return found
}

function cellViolations({ roles }: MatrixDocument): readonly string[] {
  const found: string[] = []
  for (const [key, cell] of roles) {
    if (!parseCellKey(key).ok) found.push(`roles/${key} is not a cell`)
    if (!Array.isArray(cell) || cell.length === 0 || !cell.every(isCellRole)) {
      found.push(`roles/${key} holds something other than roles`)
      continue
    }
    const sorted = CELL_ROLES.filter((role) => cell.includes(role))
    if (sorted.length !== cell.length || sorted.some((role, index) => role !== cell[index])) {
      found.push(`roles/${key} is not in its stored form`)
    }
  }
  return found
}

function proposalViolations(matrix: MatrixDocument): readonly string[] {
  return [...matrix.proposals.keys()]
    .filter((id) => readProposal(matrix, id) === null)
    .map((id) => `proposals/${id} is not a proposal`)
}
