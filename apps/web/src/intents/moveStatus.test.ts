import { trustedId, type GroupId, type TaskId } from '@dongbo/model/ids.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import { openMatrix } from '@dongbo/model/matrix/shape.ts'
import { plainDate } from '@dongbo/model/plainDate.ts'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { moveStatus, setCompletedOn } from './moveStatus.ts'
import type { Writer } from './writer.ts'

const TODAY = plainDate('2026-11-23')
const TASK = trustedId<TaskId>('NV-I-1')

function atWork(): Writer {
  const matrix = openMatrix(new Y.Doc())
  addTask(matrix, { id: TASK, groupId: trustedId<GroupId>('I'), values: { status: 'in_progress' } }, null)
  return { matrix, origin: 'me' }
}

test('handing in the product notes the day', () => {
  const writer = atWork()
  moveStatus(writer, TASK, 'submitted', TODAY)
  expect(readTask(writer.matrix, TASK)).toMatchObject({ status: 'submitted', completedOn: TODAY })
})

test('a day that is already written stays', () => {
  const writer = atWork()
  setCompletedOn(writer, TASK, plainDate('2026-11-20'))
  moveStatus(writer, TASK, 'submitted', TODAY)
  expect(readTask(writer.matrix, TASK)?.completedOn).toBe('2026-11-20')
})

test('no other step writes a day', () => {
  const writer = atWork()
  moveStatus(writer, TASK, 'paused', TODAY)
  expect(readTask(writer.matrix, TASK)).toMatchObject({ status: 'paused', completedOn: null })
})
