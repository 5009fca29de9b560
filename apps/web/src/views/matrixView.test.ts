import { trustedId, type BodyId, type GroupId, type PersonId, type ProposalId, type TaskId } from '@dongbo/model/ids.ts'
import { addGroup } from '@dongbo/model/matrix/operations/addGroup.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { acceptProposal } from '@dongbo/model/matrix/operations/decideProposal.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { propose } from '@dongbo/model/matrix/operations/propose.ts'
import { removeTask } from '@dongbo/model/matrix/operations/removeTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { readAllRoles, readTasks } from '@dongbo/model/matrix/read.ts'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { undoOf } from '@dongbo/model/matrix/undo.ts'
import { plainDate } from '@dongbo/model/plainDate.ts'
import { ROLES, type CellRole } from '@dongbo/model/role.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { matrixView } from './matrixView.ts'

const group = (id: string): GroupId => trustedId<GroupId>(id)
const task = (id: string): TaskId => trustedId<TaskId>(id)
const body = (id: string): BodyId => trustedId<BodyId>(id)

function matrixOfTwo(): MatrixDocument {
  const matrix = openMatrix(new Y.Doc())
  addGroup(matrix, { id: group('I'), nameVi: 'Chỉ đạo', nameEn: 'Direction' }, 'test')
  addGroup(matrix, { id: group('II'), nameVi: 'Báo chí', nameEn: 'Press' }, 'test')
  for (const id of ['A', 'B']) addTask(matrix, { id: task(id), groupId: group('I'), texts: { titleVi: id } }, 'test')
  return matrix
}

test('a row is a new object only when something in it changes', () => {
  const matrix = matrixOfTwo()
  const view = matrixView(matrix)
  const [a, b] = [view.row(task('A')), view.row(task('B'))]
  setCellRoles(matrix, task('A'), body('sdl'), ['inform'], 'test')
  expect(view.row(task('B'))).toBe(b)
  expect(view.row(task('A'))).not.toBe(a)
  expect(view.row(task('A'))?.roles.get(body('sdl'))).toEqual(['inform'])
  expect(view.row(task('A'))?.task).toBe(a?.task)
})

test('a listener hears of its own row, not of others', () => {
  const matrix = matrixOfTwo()
  const view = matrixView(matrix)
  const [ofA, ofB, ofSections] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => void>()]
  view.subscribe(`row:${task('A')}`, ofA)
  const stop = view.subscribe(`row:${task('B')}`, ofB)
  view.subscribe('sections', ofSections)
  editTaskText(matrix, task('B'), 'titleVi', { index: 0, remove: 0, insert: 'x' }, 'test')
  expect([ofA.mock.calls.length, ofB.mock.calls.length, ofSections.mock.calls.length]).toEqual([0, 1, 0])
  stop()
  setTaskValue(matrix, task('B'), 'status', 'proposed', 'test')
  expect([ofA.mock.calls.length, ofB.mock.calls.length, ofSections.mock.calls.length]).toEqual([0, 1, 1])
})

test('the lead stands among the roles of its cell and leaves it again', () => {
  const matrix = matrixOfTwo()
  const view = matrixView(matrix)
  setCellRoles(matrix, task('A'), body('sdl'), ['report'], 'test')
  setTaskValue(matrix, task('A'), 'lead', body('sdl'), 'test')
  expect(view.row(task('A'))?.roles.get(body('sdl'))).toEqual(['lead', 'report'])
  setTaskValue(matrix, task('A'), 'lead', body('svhtt'), 'test')
  expect(view.row(task('A'))?.roles.get(body('sdl'))).toEqual(['report'])
  expect(view.totals().byBody.get(body('svhtt'))).toEqual({ leads: 1, others: 0 })
  expect(view.totals().byRole.get('lead')).toBe(1)
})

test('sections count what is done and lose what is removed', () => {
  const matrix = matrixOfTwo()
  const view = matrixView(matrix)
  setTaskValue(matrix, task('A'), 'status', 'accepted', 'test')
  expect(view.sections().map(({ taskIds, done }) => [taskIds, done])).toEqual([
    [['A', 'B'], 1],
    [[], 0],
  ])
  removeTask(matrix, task('A'), 'test')
  expect(view.sections()[0]?.taskIds).toEqual(['B'])
  expect(view.row(task('A'))).toBeNull()
})

test('what others change is told apart from one’s own', () => {
  const matrix = matrixOfTwo()
  const other = new Y.Doc()
  Y.applyUpdate(other, Y.encodeStateAsUpdate(matrix.doc))
  const view = matrixView(matrix)
  const heard: string[][] = []
  view.onRemote((tasks) => heard.push([...tasks]))
  setTaskValue(matrix, task('A'), 'progressPct', 10, 'me')
  setTaskValue(openMatrix(other), task('B'), 'progressPct', 20, 'them')
  Y.applyUpdate(matrix.doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(matrix.doc)))
  expect(heard).toEqual([['B']])
  expect(view.row(task('B'))?.byOthers).toBe(1)
  expect(view.row(task('A'))?.byOthers).toBe(0)
})

test('after dispose nothing is heard any more', () => {
  const matrix = matrixOfTwo()
  const view = matrixView(matrix)
  const heard = vi.fn<() => void>()
  view.subscribe(`row:${task('A')}`, heard)
  view.dispose()
  setTaskValue(matrix, task('A'), 'progressPct', 10, 'test')
  expect(heard).not.toHaveBeenCalled()
})

test.each([1, 2, 3])('kept up step by step it equals a view built afresh (seed %i)', (seed) => {
  const random = seededRandom(seed)
  const matrix = matrixOfTwo()
  const view = matrixView(matrix)
  const bodies = ['sdl', 'svhtt', 'bng'].map(body)
  const cellRoles = ROLES.filter((role): role is CellRole => role !== 'lead')
  const any = <Item>(items: readonly Item[]): Item => {
    const item = items[random.below(items.length)]
    if (item === undefined) throw new Error('nothing to choose from')
    return item
  }
  for (let step = 0; step < 200; step++) {
    const ids = readTasks(matrix).map((one) => one.id)
    const act = random.below(ids.length < 2 ? 1 : 6)
    if (act === 0) addTask(matrix, { id: task(`T${step}`), groupId: group(any(['I', 'II'])) }, 'test')
    else if (act === 1) removeTask(matrix, any(ids), 'test')
    else if (act === 2) setTaskValue(matrix, any(ids), 'lead', any([...bodies, null]), 'test')
    else if (act === 3) setTaskValue(matrix, any(ids), 'groupId', group(any(['I', 'II'])), 'test')
    else if (act === 4) setTaskValue(matrix, any(ids), 'status', any(['accepted', 'draft'] as const), 'test')
    else setCellRoles(matrix, any(ids), any(bodies), [any(cellRoles), any(cellRoles)], 'test')
  }
  const fresh = matrixView(matrix)
  expect(view.sections()).toEqual(fresh.sections())
  expect(view.totals()).toEqual(fresh.totals())
  for (const [id, roles] of readAllRoles(matrix)) {
    expect(view.row(id)?.task).toEqual(fresh.row(id)?.task)
    expect(new Map(view.row(id)?.roles)).toEqual(new Map(roles))
  }
})

test('a proposal is in its row, with what stands there and what would; once decided it stays to be read', () => {
  const matrix = matrixOfTwo()
  const view = matrixView(matrix)
  const by = { person: trustedId<PersonId>('p'), body: body('sdl'), today: plainDate('2026-11-23') }
  const id = trustedId<ProposalId>('01P')
  const heardB = vi.fn<() => void>()
  view.subscribe(`row:${task('B')}`, heardB)
  const b = view.row(task('B'))
  propose(
    matrix,
    { id, place: { on: 'text', task: task('A'), field: 'titleVi' }, value: 'A mới', reason: '' },
    by,
    null,
  )
  expect(view.row(task('A'))?.proposals).toMatchObject([
    { stands: 'A', accepted: 'A mới', textChange: { index: 1, remove: 0, insert: ' mới' }, hasMoved: false },
  ])
  editTaskText(matrix, task('A'), 'titleVi', { index: 0, remove: 0, insert: 'Việc ' }, 'test')
  expect(view.row(task('A'))?.proposals).toMatchObject([{ stands: 'Việc A', accepted: 'Việc A mới', hasMoved: true }])
  acceptProposal(matrix, id, by, '')
  expect(view.row(task('A'))?.task.titleVi).toBe('Việc A mới')
  expect(view.row(task('A'))?.proposals).toMatchObject([{ proposal: { decision: { state: 'accepted' } } }])
  expect(view.row(task('B'))).toBe(b)
  expect(heardB).not.toHaveBeenCalled()
})

test('a row that is removed and brought back has its proposals again', () => {
  const matrix = matrixOfTwo()
  const view = matrixView(matrix)
  const undo = undoOf(matrix, 'me', { captureMs: 0 })
  const by = { person: trustedId<PersonId>('p'), body: body('sdl'), today: plainDate('2026-11-23') }
  const place = { on: 'value', task: task('A'), field: 'deadline' } as const
  propose(matrix, { id: trustedId<ProposalId>('01P'), place, value: '2026-12-20', reason: '' }, by, null)
  removeTask(matrix, task('A'), 'me')
  // Another proposal makes the view read them while the row is gone.
  const other = { on: 'value', task: task('B'), field: 'deadline' } as const
  propose(matrix, { id: trustedId<ProposalId>('02P'), place: other, value: '2026-12-20', reason: '' }, by, null)
  undo.undo()
  expect(view.row(task('A'))?.proposals).toHaveLength(1)
  expect(view.row(task('B'))?.proposals).toHaveLength(1)
})
