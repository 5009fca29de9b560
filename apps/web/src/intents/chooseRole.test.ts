import { trustedId, type BodyId, type GroupId, type TaskId } from '@dongbo/model/ids.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { readRoles } from '@dongbo/model/matrix/read.ts'
import { openMatrix } from '@dongbo/model/matrix/shape.ts'
import type { CellRole } from '@dongbo/model/role.ts'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { chooseRole, clearCell, rolesAfter } from './chooseRole.ts'

const TASK = trustedId<TaskId>('NV-I-1')
const TOURISM = trustedId<BodyId>('sdl')
const CULTURE = trustedId<BodyId>('svhtt')
const everything = (): boolean => true
const participation = (role: CellRole): boolean => role === 'coordinate' || role === 'inform'

function matrixWithTask(roles: readonly CellRole[]) {
  const writer = { matrix: openMatrix(new Y.Doc()), origin: 'test' }
  addTask(writer.matrix, { id: TASK, groupId: trustedId<GroupId>('I'), values: { lead: CULTURE } }, 'test')
  setCellRoles(writer.matrix, TASK, TOURISM, roles, 'test')
  return writer
}

describe('rolesAfter', () => {
  test.each([
    ['replaces', [], 'coordinate', false, ['coordinate']],
    ['replaces another', ['inform'], 'coordinate', false, ['coordinate']],
    ['keeps what is not mine to take', ['approve', 'inform'], 'coordinate', false, ['approve', 'coordinate']],
    ['adds beside', ['inform'], 'coordinate', true, ['coordinate', 'inform']],
    ['takes away when it stands there', ['coordinate', 'inform'], 'inform', true, ['coordinate']],
  ] as const)('%s', (_, now, role, keepOthers, after) => {
    expect(rolesAfter(now, role, keepOthers, participation)).toEqual(after)
  })
})

test('choosing the lead moves the one lead and keeps the other roles', () => {
  const writer = matrixWithTask(['inform'])
  chooseRole(writer, { task: TASK, body: TOURISM }, 'lead', false, everything)
  expect(readRoles(writer.matrix, TASK, TOURISM)).toEqual(['lead', 'inform'])
  expect(readRoles(writer.matrix, TASK, CULTURE)).toEqual([])
})

test('clearing leaves the roles that others gave', () => {
  const writer = matrixWithTask(['approve', 'coordinate'])
  clearCell(writer, { task: TASK, body: TOURISM }, participation, false)
  expect(readRoles(writer.matrix, TASK, TOURISM)).toEqual(['approve'])
})

test('clearing the lead’s cell leaves the task without a lead', () => {
  const writer = matrixWithTask([])
  clearCell(writer, { task: TASK, body: CULTURE }, everything, true)
  expect(readRoles(writer.matrix, TASK, CULTURE)).toEqual([])
})
