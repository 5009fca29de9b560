import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { trustedId, type ProposalId } from '../../ids.ts'
import { FAIR, FILM, replicaOf, smallMatrix } from '@dongbo/testkit/matrices.ts'
import { coordinator, CULTURE, OFFICE, person, TODAY, TOURISM } from '@dongbo/testkit/people.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { matrixViolations } from '../invariants.ts'
import { acceptProposal, declineProposal, withdrawProposal } from '../operations/decideProposal.ts'
import { editTaskText } from '../operations/editTaskText.ts'
import { propose, type Actor } from '../operations/propose.ts'
import { removeTask } from '../operations/removeTask.ts'
import { setCellRoles } from '../operations/setCellRoles.ts'
import { setTaskValue } from '../operations/setTaskValue.ts'
import { plainDate } from '../../plainDate.ts'
import { readCellRoles, readTask } from '../read.ts'
import type { MatrixDocument } from '../shape.ts'
import { undoOf } from '../undo.ts'
import type { ProposalPlace } from './place.ts'
import { acceptedValue, proposalsByTask, readProposal, readProposals } from './read.ts'

const ID = trustedId<ProposalId>('01P')
const TITLE: ProposalPlace = { on: 'text', task: FILM, field: 'titleVi' }
const DEADLINE: ProposalPlace = { on: 'value', task: FILM, field: 'deadline' }
const CELL: ProposalPlace = { on: 'cell', task: FILM, body: CULTURE }
const actor = ({ personId, bodyId }: ReturnType<typeof person>): Actor => ({
  person: personId,
  body: bodyId,
  today: TODAY,
})
const ASKS = actor(person({ bodyId: OFFICE }))
const LEADS = actor(person({ bodyId: TOURISM }))
const CHIEF = actor(coordinator())

const openOf = (matrix: MatrixDocument): number =>
  [...proposalsByTask(matrix).values()].flat().filter(({ decision }) => decision === null).length

const ask = (matrix: MatrixDocument, place: ProposalPlace, value: unknown, id = ID): boolean =>
  propose(matrix, { id, place, value, reason: 'vì trùng lịch' }, ASKS, 'me')

describe('asking', () => {
  test('what was asked, what stood there, by whom, for which body and when, is there to read', () => {
    const matrix = smallMatrix()
    expect(ask(matrix, DEADLINE, '2026-12-20')).toBe(true)
    expect(readProposals(matrix)).toEqual([
      {
        id: ID,
        place: DEADLINE,
        value: '2026-12-20',
        was: '2026-12-15',
        reason: 'vì trùng lịch',
        author: ASKS.person,
        authorBody: OFFICE,
        on: TODAY,
        decision: null,
      },
    ])
    expect(proposalsByTask(matrix).get(FILM)).toHaveLength(1)
    expect(readTask(matrix, FILM)?.deadline).toBe('2026-12-15')
    expect(matrixViolations(matrix)).toEqual([])
  })

  test.each<[string, ProposalPlace, unknown]>([
    ['what stands there already', DEADLINE, '2026-12-15'],
    ['no date', DEADLINE, '15/12'],
    ['roles out of order', CELL, ['inform', 'coordinate']],
    ['a lead as a role', CELL, ['lead']],
    ['a text that is too long', TITLE, 'x'.repeat(8_001)],
    ['a number as a text', TITLE, 7],
    ['a task that is gone', { ...DEADLINE, task: trustedId('NV-9') }, '2026-12-20'],
  ])('%s is not asked', (_what, place, value) => {
    const matrix = smallMatrix()
    expect(ask(matrix, place, value)).toBe(false)
    expect(matrix.proposals.size).toBe(0)
  })

  test('a removed task takes its proposals from view', () => {
    const matrix = smallMatrix()
    ask(matrix, DEADLINE, '2026-12-20')
    removeTask(matrix, FILM, 'me')
    expect(openOf(matrix)).toBe(0)
    acceptProposal(matrix, ID, CHIEF, '')
    expect(readProposal(matrix, ID)?.decision).toBeNull()
  })
})

describe('deciding', () => {
  test.each<[string, ProposalPlace, unknown, (matrix: MatrixDocument) => unknown]>([
    ['a value', DEADLINE, '2026-12-20', (matrix) => readTask(matrix, FILM)?.deadline],
    ['a text', TITLE, 'Phim tài liệu dài', (matrix) => readTask(matrix, FILM)?.titleVi],
    ['a cell', CELL, ['advise', 'supply'], (matrix) => readCellRoles(matrix, FILM, CULTURE)],
    ['an emptied cell', CELL, [], (matrix) => readCellRoles(matrix, FILM, CULTURE)],
  ])('accepting %s writes it and the decision in one update', (_what, place, value, read) => {
    const matrix = smallMatrix()
    ask(matrix, place, value)
    const updates: Uint8Array[] = []
    matrix.doc.on('update', (update: Uint8Array) => updates.push(update))
    acceptProposal(matrix, ID, LEADS, 'đồng ý')
    expect(updates).toHaveLength(1)
    expect(read(matrix)).toEqual(value)
    expect(readProposal(matrix, ID)?.decision).toEqual({
      state: 'accepted',
      by: LEADS.person,
      body: TOURISM,
      on: TODAY,
      word: 'đồng ý',
    })
    expect(openOf(matrix)).toBe(0)
    expect(matrixViolations(matrix)).toEqual([])
  })

  test('a decline says why and writes nothing else; what is decided stays so', () => {
    const matrix = smallMatrix()
    ask(matrix, DEADLINE, '2026-12-20')
    declineProposal(matrix, ID, LEADS, '  ')
    expect(readProposal(matrix, ID)?.decision).toBeNull()
    declineProposal(matrix, ID, LEADS, 'trùng hạn báo cáo')
    acceptProposal(matrix, ID, CHIEF, '')
    withdrawProposal(matrix, ID, ASKS)
    expect(readProposal(matrix, ID)?.decision).toMatchObject({ state: 'declined', word: 'trùng hạn báo cáo' })
    expect(readTask(matrix, FILM)?.deadline).toBe('2026-12-15')
  })

  test('undo takes back neither what was proposed nor what was decided', () => {
    const matrix = smallMatrix()
    const undo = undoOf(matrix, 'me', { captureMs: 0 })
    setTaskValue(matrix, FILM, 'deadline', plainDate('2026-12-16'), 'me')
    ask(matrix, DEADLINE, '2026-12-20')
    acceptProposal(matrix, ID, CHIEF, '')
    undo.undo()
    expect(readTask(matrix, FILM)?.deadline).toBe('2026-12-20')
    expect(readProposal(matrix, ID)?.decision?.state).toBe('accepted')
    undo.redo()
    expect(readTask(matrix, FILM)?.deadline).toBe('2026-12-20')
  })
})

describe('what others have written since', () => {
  test('another part of the text stays beside the proposed one', () => {
    const matrix = smallMatrix()
    ask(matrix, TITLE, 'Phim tài liệu ngắn')
    editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 0, insert: 'Hai ' }, 'me')
    acceptProposal(matrix, ID, LEADS, '')
    expect(readTask(matrix, FILM)?.titleVi).toBe('Hai Phim tài liệu ngắn')
  })

  test('the same part becomes what was proposed, and that is known before', () => {
    const matrix = smallMatrix()
    ask(matrix, TITLE, 'Phim truyện')
    editTaskText(matrix, FILM, 'titleVi', { index: 5, remove: 8, insert: 'hoạt hình' }, 'me')
    const proposal = readProposal(matrix, ID)
    expect(proposal && acceptedValue(matrix, proposal)).toBe('Phim truyện')
    acceptProposal(matrix, ID, LEADS, '')
    expect(readTask(matrix, FILM)?.titleVi).toBe('Phim truyện')
  })

  test('a role that the coordinator gave meanwhile stays', () => {
    const matrix = smallMatrix()
    ask(matrix, CELL, ['advise'])
    setCellRoles(matrix, FILM, CULTURE, ['approve', 'coordinate'], 'me')
    acceptProposal(matrix, ID, CHIEF, '')
    expect(readCellRoles(matrix, FILM, CULTURE)).toEqual(['approve', 'advise'])
  })
})

test.each([1, 2, 3, 4, 5, 6, 7, 8])('two who decide at once end with one whole decision, seed %i', (seed) => {
  const random = seededRandom(seed)
  const first = smallMatrix()
  for (let index = 0; index < 12; index++) {
    const place = index % 2 === 0 ? DEADLINE : ({ ...TITLE, task: FAIR } as const)
    const value = index % 2 === 0 ? `2026-12-${20 - index}` : `Hội chợ ${index}`
    ask(first, place, value, trustedId<ProposalId>(`P-${index + 10}`))
  }
  const replicas = [replicaOf(first, 101), replicaOf(first, 102), replicaOf(first, 103)]
  for (let step = 0; step < 40; step++) {
    const at = random.below(3)
    const replica = replicas[at] ?? first
    const by = [CHIEF, LEADS, ASKS][at] ?? CHIEF
    const id = trustedId<ProposalId>(`P-${random.below(12) + 10}`)
    const choice = random.below(4)
    if (choice === 0) acceptProposal(replica, id, by, '')
    else if (choice === 1) declineProposal(replica, id, by, `không, ${step}`)
    else if (choice === 2) withdrawProposal(replica, id, by)
    else {
      const other = replicas[random.below(3)] ?? first
      Y.applyUpdate(replica.doc, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(replica.doc)))
    }
    expect(matrixViolations(replica), `seed ${seed}, step ${step}`).toEqual([])
  }
  for (const to of replicas) for (const from of replicas) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc))
  const [end, ...rest] = replicas.map((replica) => readProposals(replica))
  for (const one of rest) expect(one, `seed ${seed}`).toEqual(end)
  expect(end?.filter(({ decision }) => decision !== null).length, `seed ${seed}`).toBeGreaterThan(6)
  for (const { decision } of end ?? []) {
    if (decision?.state === 'declined') expect(decision.word).toMatch(/^không/)
    else if (decision !== null) expect(decision.word).toBe('')
  }
})
