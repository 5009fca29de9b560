import { describe, expect, test } from 'vitest'
import { trustedId, type BodyId, type TaskId } from '@dongbo/model/ids.ts'
import { NEW_TASK } from '@dongbo/model/matrix/read.ts'
import type { MatrixWrite } from '@dongbo/model/matrix/writes.ts'
import type { PlanStatus } from '@dongbo/model/plan.ts'
import type { CellRole } from '@dongbo/model/role.ts'
import { TASK_STATUSES, TASK_TRANSITIONS, type Capacity, type TaskStatus } from '@dongbo/model/taskStatus.ts'
import { SECTION } from '@dongbo/testkit/matrices.ts'
import { coordinator, CULTURE, ENDED, OFFICE, person, TODAY, TOURISM } from '@dongbo/testkit/people.ts'
import { decideMatrix, nextStatuses } from './decideMatrix.ts'
import { factsAfter, type MatrixFacts, type TaskFacts } from './matrixFacts.ts'
import type { Principal } from './principal.ts'

const TASK = trustedId<TaskId>('NV-1')
const SCIENCE = trustedId<BodyId>('skhcn')

/** A task led by tourism, approved by the office and monitored by science, ready to be assigned. */
function facts(differs: Partial<TaskFacts> = {}, planStatus: PlanStatus = 'amended'): MatrixFacts {
  const roles: Readonly<Record<string, readonly CellRole[]>> = { [OFFICE]: ['approve'], [SCIENCE]: ['monitor'] }
  const task: TaskFacts = {
    lead: TOURISM,
    status: 'in_progress',
    hasLead: true,
    hasDeadline: true,
    hasProduct: true,
    rolesOf: (body) => roles[body] ?? [],
    ...differs,
  }
  return {
    planStatus,
    liveBodies: new Set([CULTURE, TOURISM, OFFICE, SCIENCE]),
    today: TODAY,
    proposedBy: () => ({ open: 0, units: 0 }),
    task: (id) => (id === TASK ? task : null),
  }
}

function verdict(who: Principal, write: MatrixWrite, given: MatrixFacts = facts()): string {
  const decision = decideMatrix(who, write, given)
  return decision.allow ? 'yes' : decision.because
}

const move = (before: TaskStatus, after: TaskStatus): MatrixWrite => ({
  on: 'task',
  act: 'set',
  task: TASK,
  field: 'status',
  before,
  after,
})
const cell = (body: BodyId, before: readonly CellRole[], after: readonly CellRole[]): MatrixWrite => ({
  on: 'cell',
  task: TASK,
  body,
  before,
  after,
})

const PEOPLE: readonly { readonly who: string; readonly principal: Principal; readonly as: readonly Capacity[] }[] = [
  { who: 'the coordinator', principal: coordinator(), as: ['member', 'coordinator'] },
  { who: 'an officer of the lead', principal: person(), as: ['member', 'lead'] },
  {
    who: 'an approver of the approving body',
    principal: person({ bodyId: OFFICE, kind: 'approver' }),
    as: ['member', 'judge'],
  },
  { who: 'an officer of the approving body', principal: person({ bodyId: OFFICE }), as: ['member'] },
  { who: 'an officer of the monitoring body', principal: person({ bodyId: SCIENCE }), as: ['member', 'judge'] },
  { who: 'an officer of another body', principal: person({ bodyId: CULTURE }), as: ['member'] },
]

/** Everywhere that somebody gets by steps which are each his: who worked offline sends only the last. */
function reach(from: TaskStatus, as: readonly Capacity[]): Set<TaskStatus> {
  const found = new Set<TaskStatus>([from])
  for (let size = 0; size !== found.size;) {
    size = found.size
    for (const step of TASK_TRANSITIONS) if (found.has(step.from) && as.includes(step.by)) found.add(step.to)
  }
  return found
}

describe('states: from each to each, for everybody', () => {
  const cases = PEOPLE.flatMap(({ who, principal, as }) => TASK_STATUSES.map((from) => ({ who, principal, as, from })))

  test.each(cases)('$who, from $from', ({ principal, as, from }) => {
    const given = facts({ status: from })
    const reachable = reach(from, as)
    // To say again what is said already is a matter of who writes the state at all.
    const says = as.includes('lead') || as.includes('coordinator') || as.includes('judge')
    for (const to of TASK_STATUSES) {
      const expected = to === from ? says : reachable.has(to)
      expect(verdict(principal, move(from, to), given) === 'yes', `${from} → ${to}`).toBe(expected)
    }
    const offered = nextStatuses(principal, TASK, given)
    const steps = TASK_TRANSITIONS.filter((step) => step.from === from && reachable.has(step.to))
    expect(new Set(offered)).toEqual(new Set(steps.map((step) => step.to)))
  })

  test.each([
    ['a lead', { hasLead: false }],
    ['a deadline', { hasDeadline: false }],
    ['a product', { hasProduct: false }],
  ])('without %s nothing is assigned', (_what, missing) => {
    const draft = { status: 'draft' } as const
    expect(verdict(coordinator(), move('draft', 'assigned'), facts(draft))).toBe('yes')
    expect(verdict(coordinator(), move('draft', 'assigned'), facts({ ...draft, ...missing }))).toBe(
      'not-ready-to-assign',
    )
  })

  test('what comes with the assignment counts for it, and gives nobody a capacity', () => {
    const given = facts({ status: 'draft', lead: null, hasLead: false, hasDeadline: false })
    const writes: MatrixWrite[] = [
      { on: 'task', act: 'set', task: TASK, field: 'lead', before: null, after: TOURISM },
      { on: 'task', act: 'set', task: TASK, field: 'deadline', before: null, after: '2026-12-01' },
    ]
    expect(verdict(coordinator(), move('draft', 'assigned'), factsAfter(given, writes))).toBe('yes')
    expect(
      verdict(person(), { on: 'task', act: 'type', task: TASK, field: 'titleVi' }, factsAfter(given, writes)),
    ).toBe('lead-only')
    const emptied: MatrixWrite = { on: 'task', act: 'set', task: TASK, field: 'deadline', before: null, after: null }
    expect(verdict(coordinator(), move('draft', 'assigned'), factsAfter(given, [emptied]))).toBe('not-ready-to-assign')
  })

  test('who may judge and who may not is said', () => {
    const submitted = facts({ status: 'submitted' })
    expect(verdict(person(), move('submitted', 'accepted'), submitted)).toBe('judge-only')
    expect(verdict(person({ bodyId: CULTURE }), move('assigned', 'in_progress'), facts({ status: 'assigned' }))).toBe(
      'lead-only',
    )
    expect(verdict(person(), move('draft', 'assigned'), facts({ status: 'draft' }))).toBe('coordinator-only')
    expect(verdict(coordinator(), move('accepted', 'draft'), facts({ status: 'accepted' }))).toBe('no-such-transition')
  })
})

describe('cells', () => {
  const given: readonly CellRole[] = ['approve', 'direct', 'appraise', 'monitor']
  const taken: readonly CellRole[] = ['coordinate', 'advise', 'supply', 'report', 'inform']

  test.each(taken)('%s is taken and left by oneself', (role) => {
    expect(verdict(person(), cell(TOURISM, [], [role]))).toBe('yes')
    expect(verdict(person(), cell(TOURISM, [role], []))).toBe('yes')
    expect(verdict(person(), cell(CULTURE, [], [role]))).toBe('other-bodys-cell')
    expect(verdict(person(), cell(CULTURE, [role], []))).toBe('other-bodys-cell')
  })

  test.each(given)('%s is given and taken away by the coordinator', (role) => {
    expect(verdict(person(), cell(TOURISM, [], [role]))).toBe('role-given-by-coordinator')
    expect(verdict(person(), cell(TOURISM, [role, 'inform'], ['inform']))).toBe('role-given-by-coordinator')
    expect(verdict(person(), cell(TOURISM, [role], [role, 'inform']))).toBe('yes')
    expect(verdict(coordinator(), cell(TOURISM, [], [role]))).toBe('yes')
    expect(verdict(coordinator(), cell(TOURISM, [role], []))).toBe('yes')
  })

  test('an ended body keeps its roles, loses them, and takes none', () => {
    expect(verdict(coordinator(), cell(ENDED, ['inform'], []))).toBe('yes')
    expect(verdict(coordinator(), cell(ENDED, ['inform'], ['inform', 'report']))).toBe('column-body-ended')
    const named: MatrixWrite = { on: 'task', act: 'set', task: TASK, field: 'lead', before: null, after: ENDED }
    expect(verdict(coordinator(), named)).toBe('column-body-ended')
  })
})

describe('tasks', () => {
  const create = (differs: object): MatrixWrite => ({
    on: 'task',
    act: 'create',
    task: trustedId<TaskId>('NV-2'),
    values: { ...NEW_TASK, groupId: SECTION, order: 'a1', ...differs },
  })

  test('a new one starts as a draft, whoever makes it', () => {
    expect(verdict(coordinator(), create({}))).toBe('yes')
    expect(verdict(coordinator(), create({ status: 'proposed' }))).toBe('yes')
    for (const status of TASK_STATUSES) {
      if (status === 'draft' || status === 'proposed') continue
      expect(verdict(coordinator(), create({ status }))).toBe('new-task-is-a-draft')
    }
    expect(verdict(coordinator(), create({ lead: ENDED }))).toBe('column-body-ended')
    expect(verdict(person(), create({}))).toBe('coordinator-only')
  })

  test('only what has not begun is removed', () => {
    const remove: MatrixWrite = { on: 'task', act: 'remove', task: TASK }
    for (const status of TASK_STATUSES) {
      const expected = status === 'draft' || status === 'proposed' ? 'yes' : 'task-has-begun'
      expect(verdict(coordinator(), remove, facts({ status })), status).toBe(expected)
    }
    expect(verdict(person(), remove, facts({ status: 'draft' }))).toBe('coordinator-only')
    // Somebody was quicker.
    expect(verdict(coordinator(), { ...remove, task: trustedId<TaskId>('NV-9') })).toBe('yes')
  })

  test('a task that is gone takes nothing', () => {
    const gone = trustedId<TaskId>('NV-9')
    expect(verdict(coordinator(), { on: 'task', act: 'type', task: gone, field: 'titleVi' })).toBe('no-such-task')
    expect(verdict(coordinator(), { ...move('draft', 'assigned'), task: gone } as MatrixWrite)).toBe('no-such-task')
    expect(nextStatuses(coordinator(), gone, facts())).toEqual([])
  })
})
