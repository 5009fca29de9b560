import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { removeTask } from '@dongbo/model/matrix/operations/removeTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { trustedId, type PersonId, type TaskId } from '@dongbo/model/ids.ts'
import { plainDate } from '@dongbo/model/plainDate.ts'
import { taskMap, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { PlanFacts } from '@dongbo/policy/matrixFacts.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { FAIR, FILM, replicaOf, SECTION, smallMatrix, SURVEY, updateOf } from '@dongbo/testkit/matrices.ts'
import { coordinator, CULTURE, ENDED, OFFICE, person, planFacts, TOURISM } from '@dongbo/testkit/people.ts'
import { decideMatrixChanges } from './decideMatrixChanges.ts'
import { integrate } from './integrate.ts'
import { judge } from './judge.ts'

const NOBODY_YET: ReadonlyMap<number, PersonId> = new Map()
const NEW = trustedId<TaskId>('NV-I-9')

/** Judges an update and, when it passes, applies it. The verdict as one word: `in`, or the code of the refusal. */
function send(
  matrix: MatrixDocument,
  update: Uint8Array,
  by: Principal,
  plan: PlanFacts = planFacts(),
  owners = NOBODY_YET,
): string {
  const before = Y.encodeStateAsUpdate(matrix.doc)
  const verdict = judge(matrix.doc, update, by.personId, owners, decideMatrixChanges(matrix, by, plan))
  if (!verdict.ok) {
    expect(Y.encodeStateAsUpdate(matrix.doc), 'a refusal changes nothing').toEqual(before)
    return verdict.error.code
  }
  const integration = integrate(matrix.doc, verdict.value.update, verdict.value.changes, null)
  expect(integration.faithful, 'what Yjs did is what was judged').toBe(true)
  return 'in'
}

type Edit = (replica: MatrixDocument) => void
const officer = person()
const observer = person({ planRole: 'observer' })
const chief = coordinator()
const issued = planFacts({ planStatus: 'issued' })

/** Allowed beside denied: each row differs from its neighbour in one fact. */
const table: readonly { who: Principal; what: string; edit: Edit; plan?: PlanFacts; verdict: string }[] = [
  { who: officer, what: 'types in the title of a task his body leads', edit: typeIn(FILM), verdict: 'in' },
  { who: officer, what: 'types in the title of another lead’s task', edit: typeIn(FAIR), verdict: 'lead-only' },
  { who: chief, what: 'types in the title of another lead’s task', edit: typeIn(FILM), verdict: 'in' },
  { who: observer, what: 'types in the title of a task his body leads', edit: typeIn(FILM), verdict: 'observer' },
  {
    who: person({ bodyValid: false }),
    what: 'types after his body has ended',
    edit: typeIn(FILM),
    verdict: 'body-ended',
  },
  {
    who: officer,
    what: 'deletes letters in his title',
    edit: (m) => editTaskText(m, FILM, 'titleVi', { index: 0, remove: 3, insert: '' }, null),
    verdict: 'in',
  },
  {
    who: officer,
    what: 'deletes letters in another lead’s title',
    edit: (m) => editTaskText(m, FAIR, 'titleVi', { index: 0, remove: 3, insert: '' }, null),
    verdict: 'lead-only',
  },
  {
    who: officer,
    what: 'reports progress of his task',
    edit: (m) => setTaskValue(m, FILM, 'progressPct', 60, null),
    verdict: 'in',
  },
  {
    who: officer,
    what: 'reports progress of another’s task',
    edit: (m) => setTaskValue(m, FAIR, 'progressPct', 60, null),
    verdict: 'lead-only',
  },
  {
    who: officer,
    what: 'reports progress of 160 %',
    edit: (m) => setTaskValue(m, FILM, 'progressPct', 160, null),
    verdict: 'bad-value',
  },
  {
    who: officer,
    what: 'moves the deadline of his task while the plan is a draft',
    edit: moveDeadline,
    plan: planFacts({ planStatus: 'draft' }),
    verdict: 'in',
  },
  {
    who: officer,
    what: 'moves the deadline of his task once it was issued',
    edit: moveDeadline,
    plan: issued,
    verdict: 'locked-by-issue',
  },
  {
    who: officer,
    what: 'moves the deadline while the plan is amended',
    edit: moveDeadline,
    verdict: 'locked-by-issue',
  },
  { who: chief, what: 'moves the deadline while the plan is amended', edit: moveDeadline, verdict: 'in' },
  {
    who: chief,
    what: 'moves the deadline while the plan is issued',
    edit: moveDeadline,
    plan: issued,
    verdict: 'locked-by-issue',
  },
  {
    who: officer,
    what: 'takes part in a task',
    edit: (m) => setCellRoles(m, SURVEY, TOURISM, ['coordinate'], null),
    verdict: 'in',
  },
  { who: officer, what: 'leaves a task', edit: (m) => setCellRoles(m, FAIR, TOURISM, [], null), verdict: 'in' },
  {
    who: officer,
    what: 'makes his body approve',
    edit: (m) => setCellRoles(m, SURVEY, TOURISM, ['approve'], null),
    verdict: 'role-given-by-coordinator',
  },
  {
    who: officer,
    what: 'gives another body a part',
    edit: (m) => setCellRoles(m, SURVEY, OFFICE, ['coordinate'], null),
    verdict: 'other-bodys-cell',
  },
  {
    who: officer,
    what: 'clears another body’s cell',
    edit: (m) => setCellRoles(m, FILM, CULTURE, [], null),
    verdict: 'other-bodys-cell',
  },
  {
    who: chief,
    what: 'gives another body a part',
    edit: (m) => setCellRoles(m, SURVEY, OFFICE, ['approve'], null),
    verdict: 'in',
  },
  {
    who: chief,
    what: 'gives an ended body a part',
    edit: (m) => setCellRoles(m, SURVEY, ENDED, ['inform'], null),
    verdict: 'column-body-ended',
  },
  { who: chief, what: 'names a lead', edit: (m) => setTaskValue(m, SURVEY, 'lead', OFFICE, null), verdict: 'in' },
  {
    who: officer,
    what: 'names his body lead',
    edit: (m) => setTaskValue(m, SURVEY, 'lead', TOURISM, null),
    verdict: 'coordinator-only',
  },
  { who: chief, what: 'adds a task', edit: (m) => addTask(m, { id: NEW, groupId: SECTION }, null), verdict: 'in' },
  {
    who: officer,
    what: 'adds a task',
    edit: (m) => addTask(m, { id: NEW, groupId: SECTION }, null),
    verdict: 'coordinator-only',
  },
  { who: chief, what: 'removes a draft', edit: (m) => removeTask(m, SURVEY, null), verdict: 'in' },
  {
    who: chief,
    what: 'removes a task that has begun',
    edit: (m) => removeTask(m, FILM, null),
    verdict: 'task-has-begun',
  },
  { who: officer, what: 'removes a draft', edit: (m) => removeTask(m, SURVEY, null), verdict: 'coordinator-only' },
  {
    who: officer,
    what: 'hands in his product',
    edit: (m) => setTaskValue(m, FILM, 'status', 'submitted', null),
    verdict: 'in',
  },
  {
    who: officer,
    what: 'accepts his own product',
    edit: (m) => setTaskValue(m, FILM, 'status', 'accepted', null),
    verdict: 'no-such-transition',
  },
  {
    who: chief,
    what: 'assigns a draft that has no lead',
    edit: (m) => setTaskValue(m, SURVEY, 'status', 'assigned', null),
    verdict: 'not-ready-to-assign',
  },
  { who: chief, what: 'assigns a draft, all that it needs in one stroke', edit: assignAtOnce, verdict: 'in' },
  {
    who: officer,
    what: 'mixes his own write with a foreign one',
    edit: (m) => {
      typeIn(FILM)(m)
      typeIn(FAIR)(m)
    },
    verdict: 'lead-only',
  },
  {
    who: officer,
    what: 'writes a field that nobody knows',
    edit: (m) => taskMap(m, FILM)?.set('boss', 'tôi'),
    verdict: 'unknown-place',
  },
  {
    who: officer,
    what: 'replaces a text of his own task',
    edit: (m) => taskMap(m, FILM)?.set('titleVi', new Y.Text('x')),
    verdict: 'container-replaced',
  },
  {
    who: chief,
    what: 'replaces a whole task by nothing',
    edit: (m) => m.tasks.set(FILM, new Y.Map()),
    verdict: 'bad-value',
  },
  {
    who: chief,
    what: 'removes a task that has begun and brings another under its id',
    edit: (m) => addTask(m, { id: FILM, groupId: SECTION }, null),
    verdict: 'task-has-begun',
  },
  {
    who: chief,
    what: 'removes a draft and brings it back',
    edit: (m) => {
      removeTask(m, SURVEY, null)
      addTask(m, { id: SURVEY, groupId: SECTION }, null)
    },
    verdict: 'in',
  },
  {
    who: officer,
    what: 'removes a draft and brings it back',
    edit: (m) => {
      removeTask(m, SURVEY, null)
      addTask(m, { id: SURVEY, groupId: SECTION }, null)
    },
    verdict: 'coordinator-only',
  },
  {
    who: officer,
    what: 'erases a field of his task',
    edit: (m) => taskMap(m, FILM)?.delete('progressPct'),
    verdict: 'field-erased',
  },
  {
    who: officer,
    what: 'writes to another root',
    edit: (m) => m.doc.getMap('policy').set('admin', true),
    verdict: 'unknown-place',
  },
  {
    who: officer,
    what: 'types into another root',
    edit: (m) => m.doc.getText('note').insert(0, 'x'),
    verdict: 'unknown-place',
  },
  {
    who: officer,
    what: 'makes his title bold',
    edit: (m) => textOf(m, FILM).format(0, 4, { bold: true }),
    verdict: 'unknown-place',
  },
  {
    who: officer,
    what: 'hides a foreign task under his own cell’s value',
    edit: (m) => m.roles.set(`${FILM}:${TOURISM}`, ['lead' as 'inform']),
    verdict: 'bad-value',
  },
]

function typeIn(task: TaskId): Edit {
  return (replica) => editTaskText(replica, task, 'titleVi', { index: 2, remove: 0, insert: 'ở Hà Nội ' }, null)
}

function moveDeadline(replica: MatrixDocument): void {
  setTaskValue(replica, FILM, 'deadline', plainDate('2026-12-20'), null)
}

function assignAtOnce(replica: MatrixDocument): void {
  setTaskValue(replica, SURVEY, 'lead', OFFICE, null)
  setTaskValue(replica, SURVEY, 'deadline', plainDate('2026-12-20'), null)
  editTaskText(replica, SURVEY, 'productVi', { index: 0, remove: 0, insert: '1 báo cáo' }, null)
  setTaskValue(replica, SURVEY, 'status', 'assigned', null)
}

function textOf(matrix: MatrixDocument, task: TaskId): Y.Text {
  const text = taskMap(matrix, task)?.get('titleVi')
  if (!(text instanceof Y.Text)) throw new Error('the fixture has this text')
  return text
}

describe('who may write what', () => {
  test.each(table)('$who.displayName $what: $verdict', ({ who, edit, plan, verdict }) => {
    const matrix = smallMatrix()
    expect(send(matrix, updateOf(replicaOf(matrix), edit), who, plan)).toBe(verdict)
  })
})

describe('whose client id', () => {
  test('an id belongs to who used it first', () => {
    const matrix = smallMatrix()
    const update = updateOf(replicaOf(matrix, 77), typeIn(FILM))
    const owners = (owner: string): ReadonlyMap<number, PersonId> => new Map([[77, trustedId<PersonId>(owner)]])
    expect(send(matrix, update, officer, planFacts(), owners('somebody-else'))).toBe('foreign-client-id')
    expect(send(matrix, update, officer, planFacts(), owners(officer.personId))).toBe('in')
  })

  test('a dead struct under another’s id is refused too: it would swallow the other’s next edits', () => {
    const matrix = smallMatrix()
    const swallow = Uint8Array.from([1, 1, 77, 0, 0, 5, 0])
    const owners = new Map([[77, trustedId<PersonId>('somebody-else')]])
    expect(send(matrix, swallow, officer, planFacts(), owners)).toBe('foreign-client-id')
  })
})

describe('order and repetition', () => {
  test('an update that builds on one not yet seen is a gap, and goes in after it', () => {
    const matrix = smallMatrix()
    const replica = replicaOf(matrix)
    const first = updateOf(replica, typeIn(FILM))
    const second = updateOf(replica, typeIn(FILM))
    expect(send(matrix, second, officer)).toBe('gap')
    expect(send(matrix, first, officer)).toBe('in')
    expect(send(matrix, second, officer)).toBe('in')
    expect(textOf(matrix, FILM).toString()).toBe(textOf(replica, FILM).toString())
  })

  test('what is already known is let in from anybody and changes nothing', () => {
    const matrix = smallMatrix()
    const before = Y.encodeStateAsUpdate(matrix.doc)
    expect(send(matrix, before, observer)).toBe('in')
    expect(Y.encodeStateAsUpdate(matrix.doc)).toEqual(before)
  })

  test('a merged update whose beginning is known is cut where Yjs cuts it', () => {
    const matrix = smallMatrix()
    const replica = replicaOf(matrix, 88)
    const start = Y.encodeStateVector(replica.doc)
    const first = updateOf(replica, (m) => textOf(m, FILM).insert(0, 'ab'))
    updateOf(replica, (m) => textOf(m, FILM).insert(2, 'cd'))
    expect(send(matrix, first, officer)).toBe('in')
    expect(send(matrix, Y.encodeStateAsUpdate(replica.doc, start), officer)).toBe('in')
    expect(textOf(matrix, FILM).toString()).toBe('abcdPhim tài liệu')
  })

  test('typing into a task that is gone has no effect and is no offence', () => {
    const matrix = smallMatrix()
    const late = updateOf(replicaOf(matrix), (m) =>
      editTaskText(m, SURVEY, 'titleVi', { index: 0, remove: 0, insert: 'x' }, null),
    )
    expect(
      send(
        matrix,
        updateOf(replicaOf(matrix), (m) => removeTask(m, SURVEY, null)),
        chief,
      ),
    ).toBe('in')
    expect(send(matrix, late, officer)).toBe('in')
    expect(taskMap(matrix, SURVEY)).toBeNull()
  })

  test('a value set and deleted at once still counts as taking away what stood there', () => {
    const matrix = smallMatrix()
    const replica = replicaOf(matrix)
    const update = updateOf(replica, (m) => {
      m.roles.set(`${FILM}:${CULTURE}`, ['inform'])
      m.roles.delete(`${FILM}:${CULTURE}`)
    })
    expect(send(matrix, update, officer)).toBe('other-bodys-cell')
  })
})
