import { trustedId, type BodyId, type GroupId, type PersonId, type ProposalId, type TaskId } from '@dongbo/model/ids.ts'
import type { Body } from '@dongbo/model/body.ts'
import { addGroup } from '@dongbo/model/matrix/operations/addGroup.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { propose } from '@dongbo/model/matrix/operations/propose.ts'
import { openMatrix } from '@dongbo/model/matrix/shape.ts'
import type { PlanRole } from '@dongbo/model/plan.ts'
import { plainDate } from '@dongbo/model/plainDate.ts'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { matrixRights } from '#views/matrixRights.ts'
import { matrixView } from '#views/matrixView.ts'
import { proposablePlaces } from './proposals/proposablePlaces.ts'
import { goTo, resetMatrixState } from './matrixState.ts'
import { refusedEntry } from './refusedEntry.ts'

const CULTURE = trustedId<BodyId>('svhtt')
const TOURISM = trustedId<BodyId>('sdl')
const OFFICE = trustedId<BodyId>('vp-ubnd')
const FAIR = trustedId<TaskId>('NV-I-2')

const body = (id: BodyId, nameVi: string): Body => ({
  id,
  kind: 'city_department',
  nameVi,
  nameEn: nameVi,
  abbr: nameVi,
  parentId: null,
  validFrom: null,
  validTo: null,
  successorIds: [],
})
const BODIES = [body(CULTURE, 'SVHTT'), body(TOURISM, 'SDL'), body(OFFICE, 'VP')]

/** What an officer of this body sees of a task that culture leads. */
function seenBy(bodyId: BodyId = TOURISM, planRole: PlanRole = 'member') {
  const matrix = openMatrix(new Y.Doc())
  const groupId = trustedId<GroupId>('I')
  addGroup(matrix, { id: groupId, nameVi: 'Quảng bá', nameEn: 'Promotion' }, null)
  const values = { code: 'I.2', lead: CULTURE, deadline: plainDate('2026-12-15') }
  addTask(matrix, { id: FAIR, groupId, values, texts: { titleVi: 'Hội chợ' } }, null)
  const principal = {
    personId: trustedId<PersonId>('officer'),
    displayName: 'Chuyên viên',
    bodyId,
    bodyValid: true,
    kind: 'officer',
    planRole,
  } as const
  return {
    matrix,
    view: matrixView(matrix),
    bodies: new Map(BODIES.map((one) => [String(one.id), one])),
    rights: matrixRights({
      matrix,
      principal,
      planStatus: 'consulting',
      bodies: BODIES,
      today: plainDate('2026-11-23'),
    }),
  }
}

describe('a place that the server did not take', () => {
  test('is named, with both values, who may write it, and what to propose', () => {
    const path = ['tasks', FAIR, 'deadline']
    const refused = { path, mine: '2026-12-20', theirs: '2026-12-15', code: 'lead-only' }
    expect(refusedEntry(refused, seenBy(), 'vi')).toEqual({
      path,
      place: 'I.2 · Thời hạn',
      mine: 'Chủ\u00a0Nhật\u00a020/12/2026',
      theirs: 'Thứ\u00a0Ba\u00a015/12/2026',
      why: 'Chỉ cơ quan chủ trì (SVHTT) và người điều phối ghi được mục này.',
      asked: { place: { on: 'value', task: FAIR, field: 'deadline' }, value: '2026-12-20', reason: '' },
    })
  })

  test('an emptied cell is proposed as empty', () => {
    const refused = { path: ['roles', `${FAIR}:${OFFICE}`], mine: null, theirs: ['inform'], code: 'other-bodys-cell' }
    expect(refusedEntry(refused, seenBy(), 'vi')).toMatchObject({
      mine: 'để trống',
      theirs: 'Để biết',
      asked: { place: { on: 'cell', task: FAIR, body: OFFICE }, value: [] },
    })
  })

  test('a proposal that came too late is proposed again, with its reason', () => {
    const mine = { path: ['tasks', FAIR, 'deadline'], value: '2026-12-20', was: '2026-12-01', reason: 'trùng hạn' }
    const refused = { path: ['proposals', '01P'], mine, theirs: null, code: 'proposal-outdated' }
    expect(refusedEntry(refused, seenBy(), 'vi')).toMatchObject({
      place: 'Đề xuất: I.2 · Thời hạn',
      mine: 'Chủ\u00a0Nhật\u00a020/12/2026',
      asked: { place: { on: 'value', field: 'deadline' }, value: '2026-12-20', reason: 'trùng hạn' },
    })
  })

  test.each([
    ['a whole task', { path: ['tasks', 'NV-9'], mine: { titleVi: 'Việc mới' }, code: 'coordinator-only' }],
    ['a place in its section', { path: ['tasks', FAIR, 'order'], mine: 'a7', code: 'coordinator-only' }],
    ['a value that the field does not take', { path: ['tasks', FAIR, 'deadline'], mine: 'soon', code: 'bad-value' }],
    ['a decision', { path: ['proposals', '01P', 'decision'], mine: { state: 'accepted' }, code: 'proposal-decided' }],
  ])('%s is not proposed, and still shown', (_what, refused) => {
    const entry = refusedEntry({ ...refused, theirs: null }, seenBy(), 'vi')
    expect(entry.asked).toBeNull()
    expect(entry.mine).not.toBe('')
  })

  test('an answer that came too late is told with the place and the answer that stands', () => {
    const matrix = seenBy()
    const [id, at] = ['01P', { on: 'value', task: FAIR, field: 'deadline' } as const]
    const by = { person: trustedId<PersonId>('officer'), body: TOURISM, today: plainDate('2026-11-23') }
    propose(matrix.matrix, { id: trustedId<ProposalId>(id), place: at, value: '2026-12-20', reason: '' }, by, null)
    const refused = {
      path: ['proposals', id, 'decision'],
      mine: { state: 'accepted' },
      theirs: { state: 'declined' },
      code: 'proposal-decided',
    }
    expect(refusedEntry(refused, matrix, 'vi')).toMatchObject({
      place: 'Đề xuất: I.2 · Thời hạn',
      mine: 'Đã nhận',
      theirs: 'Đã từ chối',
      asked: null,
    })
  })

  test('an observer is offered nothing to propose', () => {
    const refused = { path: ['tasks', FAIR, 'deadline'], mine: '2026-12-20', theirs: null, code: 'observer' }
    expect(refusedEntry(refused, seenBy(TOURISM, 'observer'), 'vi').asked).toBeNull()
  })
})

test('what can be proposed begins with the cell that one stands in, and leaves out what one may write', () => {
  const { rights } = seenBy()
  const offered = (): readonly string[] =>
    proposablePlaces(FAIR, rights, TOURISM, 'vi').map((place) => (place.on === 'cell' ? place.body : place.field))
  goTo({ line: FAIR, column: 'deadline' })
  expect(offered().slice(0, 3)).toEqual(['deadline', TOURISM, 'titleVi'])
  goTo({ line: FAIR, column: 'status' })
  expect(offered().slice(0, 3)).toEqual(['status', TOURISM, 'titleVi'])
  goTo({ line: FAIR, column: OFFICE })
  expect(offered().slice(0, 2)).toEqual([OFFICE, 'titleVi'])
  resetMatrixState()

  // The lead of it writes all fields; of the roles in his cell some are given by the coordinator.
  const lead = seenBy(CULTURE).rights
  expect(proposablePlaces(FAIR, lead, CULTURE, 'vi')).toEqual([{ on: 'cell', task: FAIR, body: CULTURE }])
  expect(proposablePlaces(FAIR, seenBy(TOURISM, 'coordinator').rights, TOURISM, 'vi')).toEqual([])
})
