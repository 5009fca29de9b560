import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { trustedId, type PersonId, type ProposalId } from '@dongbo/model/ids.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { acceptProposal, declineProposal, withdrawProposal } from '@dongbo/model/matrix/operations/decideProposal.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { propose, type Actor } from '@dongbo/model/matrix/operations/propose.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import type { ProposalPlace } from '@dongbo/model/matrix/proposals/place.ts'
import { readProposal } from '@dongbo/model/matrix/proposals/read.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { addDays, plainDate } from '@dongbo/model/plainDate.ts'
import { OPEN_PROPOSALS_LIMIT, PROPOSED_LIMIT_UNITS } from '@dongbo/policy/decideProposal.ts'
import type { PlanFacts } from '@dongbo/policy/matrixFacts.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { FILM, replicaOf, smallMatrix, updateOf } from '@dongbo/testkit/matrices.ts'
import { coordinator, CULTURE, ENDED, OFFICE, person, planFacts, TODAY, TOURISM } from '@dongbo/testkit/people.ts'
import { idUnder, NO_DELETES, rawItem } from '@dongbo/testkit/rawUpdate.ts'
import { ME, send as sendRaw, value } from '@dongbo/testkit/attacker.ts'
import { decideMatrixChanges } from './decideMatrixChanges.ts'
import { integrate } from './integrate.ts'
import { judge } from './judge.ts'

const ID = trustedId<ProposalId>('01P')
const TITLE: ProposalPlace = { on: 'text', task: FILM, field: 'titleVi' }
const DEADLINE: ProposalPlace = { on: 'value', task: FILM, field: 'deadline' }
const CELL: ProposalPlace = { on: 'cell', task: FILM, body: CULTURE }
/** Asks; may write nothing in FILM but its own cell. */
const asks = person({ bodyId: OFFICE })
/** Leads FILM. */
const lead = person({ bodyId: TOURISM })
const chief = coordinator()
const consulting = planFacts({ planStatus: 'consulting' })
const actor = ({ personId, bodyId }: Principal, today = TODAY): Actor => ({ person: personId, body: bodyId, today })

type Edit = (replica: MatrixDocument) => unknown

/** Sends what `edit` does to a replica, as this person. One word: `in`, or why not. */
function send(server: MatrixDocument, who: Principal, edit: Edit, plan: PlanFacts = consulting): string {
  const update = updateOf(replicaOf(server), edit)
  const verdict = judge(server.doc, update, who.personId, new Map(), decideMatrixChanges(server, who, plan))
  if (!verdict.ok) return verdict.error.code
  expect(integrate(server.doc, verdict.value.update, verdict.value.changes, null).faithful).toBe(true)
  expect(matrixViolations(server)).toEqual([])
  return 'in'
}

const asking =
  (place: ProposalPlace, value: unknown, by: Actor = actor(asks), id = ID): Edit =>
  (replica) =>
    propose(replica, { id, place, value, reason: '' }, by, null)

/** A matrix in which the office has asked for this. */
function asked(place: ProposalPlace, value: unknown): MatrixDocument {
  const server = smallMatrix()
  expect(send(server, asks, asking(place, value))).toBe('in')
  return server
}

/** What a hostile client stores: the fields of an honest proposal, some of them changed. */
const forged =
  (differs: Readonly<Record<string, unknown>>): Edit =>
  (replica) => {
    const honest = {
      path: ['tasks', FILM, 'deadline'],
      value: '2026-12-20',
      was: '2026-12-15',
      reason: '',
      author: asks.personId,
      authorBody: asks.bodyId,
      on: TODAY,
      decision: null,
    }
    replica.proposals.set(ID, new Y.Map(Object.entries({ ...honest, ...differs })))
  }

const mapOf = (server: MatrixDocument): Y.Map<unknown> => {
  const map = server.proposals.get(ID)
  if (map === undefined) throw new Error('it was asked')
  return map
}

const accepted = (who: Principal, differs: object = {}): object => ({
  state: 'accepted',
  by: who.personId,
  body: who.bodyId,
  on: TODAY,
  word: '',
  ...differs,
})
const deciding =
  (decision: object): Edit =>
  (replica) =>
    replica.proposals.get(ID)?.set('decision', decision)

describe('proposing', () => {
  test.each<[string, Edit, string]>([
    ['as it should be', forged({}), 'in'],
    ['another author', forged({ author: lead.personId }), 'proposal-in-anothers-name'],
    ['another body', forged({ authorBody: TOURISM }), 'proposal-in-anothers-name'],
    ['tomorrow', forged({ on: addDays(TODAY, 1) }), 'proposal-misdated'],
    ['a month offline', forged({ on: addDays(TODAY, -31) }), 'in'],
    ['longer ago than anybody is offline', forged({ on: addDays(TODAY, -32) }), 'proposal-misdated'],
    ['no day of the calendar', forged({ on: '2026-02-30' }), 'bad-value'],
    ['what never stood there', forged({ was: '2026-11-01' }), 'proposal-outdated'],
    ['nothing new', forged({ value: '2026-12-15' }), 'bad-value'],
    ['a value that the field does not take', forged({ value: 'soon' }), 'bad-value'],
    ['a place in no matrix', forged({ path: ['tasks', FILM, 'secret'] }), 'bad-value'],
    ['a whole task', forged({ path: ['tasks', FILM], was: null }), 'bad-value'],
    ['a proposal about a proposal', forged({ path: ['proposals', ID, 'decision'], was: null }), 'bad-value'],
    ['a task that is gone', forged({ path: ['tasks', 'NV-9', 'deadline'], was: null }), 'task-gone'],
    ['accepted at birth', forged({ decision: accepted(asks) }), 'bad-value'],
    ['a field too many', forged({ note: 'x' }), 'bad-value'],
    ['a reason without end', forged({ reason: 'x'.repeat(501) }), 'bad-value'],
    ['letters that are not composed', forged({ reason: 'hòa'.normalize('NFD') }), 'bad-value'],
  ])('%s', (_what, edit, verdict) => {
    expect(send(smallMatrix(), asks, edit)).toBe(verdict)
  })

  test.each<[string, Principal, PlanFacts, string]>([
    ['a member', asks, consulting, 'in'],
    ['a member, of what issue has locked', asks, planFacts({ planStatus: 'issued' }), 'in'],
    ['the lead, who may write it himself', lead, consulting, 'in'],
    ['an observer', person({ planRole: 'observer' }), consulting, 'observer'],
    ['a body that has ended', person({ bodyId: ENDED, bodyValid: false }), consulting, 'body-ended'],
    ['a member of a closed plan', asks, planFacts({ planStatus: 'closed' }), 'plan-closed'],
  ])('%s', (_who, who, plan, verdict) => {
    expect(send(smallMatrix(), who, asking(DEADLINE, '2026-12-20', actor(who)), plan)).toBe(verdict)
  })

  test('a body has so many open ones and no more, also within one update', () => {
    const many =
      (count: number, name: string): Edit =>
      (replica) => {
        for (let index = 0; index < count; index++) {
          asking(DEADLINE, '2026-12-20', actor(asks), trustedId<ProposalId>(`${name}-${index}`))(replica)
        }
      }
    const server = smallMatrix()
    expect(send(server, asks, many(OPEN_PROPOSALS_LIMIT - 1, 'x'))).toBe('in')
    expect(send(server, asks, many(2, 'y'))).toBe('too-many-proposals')
    expect(send(server, asks, many(1, 'z'))).toBe('in')
    expect(send(server, asks, many(1, 'y'))).toBe('too-many-proposals')
    expect(send(server, lead, asking(DEADLINE, '2026-12-20', actor(lead)))).toBe('in')
    expect(send(server, asks, (replica) => withdrawProposal(replica, trustedId('x-0'), actor(asks)))).toBe('in')
    expect(send(server, asks, many(1, 'y'))).toBe('in')
  })

  test('a body proposes and withdraws so many letters and no more: what is withdrawn is kept', () => {
    const server = smallMatrix()
    const text = 'x'.repeat(7_990)
    const size = text.length + 'Phim tài liệu'.length
    const some =
      (count: number, name: string): Edit =>
      (replica) => {
        for (let index = 0; index < count; index++) {
          const id = trustedId<ProposalId>(`${name}-${index}`)
          asking(TITLE, text, actor(asks), id)(replica)
          withdrawProposal(replica, id, actor(asks))
        }
      }
    const most = Math.floor(PROPOSED_LIMIT_UNITS / size)
    expect(send(server, asks, some(most + 1, 'x'))).toBe('too-many-proposals')
    expect(send(server, asks, some(most, 'x'))).toBe('in')
    expect(send(server, asks, some(1, 'y'))).toBe('too-many-proposals')
    expect(send(server, lead, asking(TITLE, text, actor(lead)))).toBe('in')
  })

  test('so many in one update and no more', () => {
    const server = smallMatrix()
    const takenBack =
      (count: number): Edit =>
      (replica) => {
        for (let index = 0; index < count; index++) {
          const id = trustedId<ProposalId>(`z-${index}`)
          asking(DEADLINE, '2026-12-20', actor(asks), id)(replica)
          withdrawProposal(replica, id, actor(asks))
        }
      }
    expect(send(server, asks, takenBack(201))).toBe('too-many-parts')
    expect(send(server, asks, takenBack(200))).toBe('in')
  })

  test('made and taken back offline comes as one', () => {
    const server = smallMatrix()
    const both: Edit = (replica) => {
      asking(DEADLINE, '2026-12-20')(replica)
      withdrawProposal(replica, ID, actor(asks))
    }
    expect(send(server, asks, both)).toBe('in')
    expect(readProposal(server, ID)?.decision?.state).toBe('withdrawn')
  })
})

describe('who decides', () => {
  const accept =
    (who: Principal): Edit =>
    (replica) =>
      acceptProposal(replica, ID, actor(who), '')
  const decline =
    (who: Principal): Edit =>
    (replica) =>
      declineProposal(replica, ID, actor(who), 'không')
  const withdraw =
    (who: Principal): Edit =>
    (replica) =>
      withdrawProposal(replica, ID, actor(who))
  const colleague = person({ bodyId: OFFICE, personId: trustedId<PersonId>('another-of-the-office') })
  const culture = person({ bodyId: CULTURE })

  test.each<[string, ProposalPlace, unknown, Principal, (who: Principal) => Edit, string]>([
    ['the lead accepts a deadline', DEADLINE, '2026-12-20', lead, accept, 'in'],
    ['the lead declines it', DEADLINE, '2026-12-20', lead, decline, 'in'],
    ['the coordinator accepts it', DEADLINE, '2026-12-20', chief, accept, 'in'],
    ['the author accepts his own', DEADLINE, '2026-12-20', asks, accept, 'lead-only'],
    ['the author declines his own', DEADLINE, '2026-12-20', asks, decline, 'lead-only'],
    ['a third body declines it', DEADLINE, '2026-12-20', culture, decline, 'lead-only'],
    ['a third body withdraws it', DEADLINE, '2026-12-20', culture, withdraw, 'proposal-of-another-body'],
    ['the coordinator withdraws it', DEADLINE, '2026-12-20', chief, withdraw, 'proposal-of-another-body'],
    ['the author withdraws it', DEADLINE, '2026-12-20', asks, withdraw, 'in'],
    ['his colleague withdraws it', DEADLINE, '2026-12-20', colleague, withdraw, 'in'],
    ['the lead accepts a text', TITLE, 'Phim truyện', lead, accept, 'in'],
    ['a third body accepts a text', TITLE, 'Phim truyện', culture, accept, 'lead-only'],
    ['the body of the cell accepts', CELL, ['advise'], culture, accept, 'in'],
    ['the lead accepts for another’s cell', CELL, ['advise'], lead, accept, 'other-bodys-cell'],
    ['the body takes a role that is given', CELL, ['approve'], culture, accept, 'role-given-by-coordinator'],
    ['the body declines a role that is given', CELL, ['approve'], culture, decline, 'in'],
    ['the coordinator gives it', CELL, ['approve'], chief, accept, 'in'],
  ])('%s', (_what, place, value, who, decide, verdict) => {
    expect(send(asked(place, value), who, decide(who))).toBe(verdict)
  })

  test('what issue has locked is decided by nobody until it is opened', () => {
    const server = asked(DEADLINE, '2026-12-20')
    for (const who of [lead, chief]) {
      for (const decide of [accept, decline]) {
        expect(send(server, who, decide(who), planFacts({ planStatus: 'issued' }))).toBe('locked-by-issue')
      }
    }
    expect(send(server, chief, accept(chief), planFacts({ planStatus: 'amended' }))).toBe('in')
    expect(readTask(server, FILM)?.deadline).toBe('2026-12-20')
  })

  test('the first decision that arrives stands', () => {
    const server = asked(DEADLINE, '2026-12-20')
    // Both decide on the copy of the same moment.
    const [first, second] = [replicaOf(server), replicaOf(server)]
    const updates = [updateOf(first, accept(lead)), updateOf(second, decline(chief))]
    const verdicts = [lead, chief].map((who, index) => {
      const update = updates[index] ?? new Uint8Array()
      const verdict = judge(server.doc, update, who.personId, new Map(), decideMatrixChanges(server, who, consulting))
      if (verdict.ok) integrate(server.doc, verdict.value.update, verdict.value.changes, null)
      return verdict.ok ? 'in' : verdict.error.code
    })
    expect(verdicts).toEqual(['in', 'proposal-decided'])
    expect(readProposal(server, ID)?.decision?.state).toBe('accepted')
  })
})

describe('deciding falsely', () => {
  const write = (date: string): Edit => {
    return (replica) => setTaskValue(replica, FILM, 'deadline', plainDate(date), null)
  }
  const both =
    (...edits: readonly Edit[]): Edit =>
    (replica) => {
      for (const edit of edits) edit(replica)
    }
  test.each<[string, Edit, string]>([
    ['with what was proposed', both(write('2026-12-20'), deciding(accepted(lead))), 'in'],
    ['without writing it', deciding(accepted(lead)), 'proposal-not-carried-out'],
    ['writing something else', both(write('2026-12-21'), deciding(accepted(lead))), 'proposal-not-carried-out'],
    [
      'writing it and then something else',
      both(write('2026-12-20'), deciding(accepted(lead)), write('2026-12-21')),
      'proposal-not-carried-out',
    ],
    [
      'in somebody else’s name',
      both(write('2026-12-20'), deciding(accepted(lead, { by: chief.personId }))),
      'proposal-in-anothers-name',
    ],
    [
      'for another body',
      both(write('2026-12-20'), deciding(accepted(lead, { body: CULTURE }))),
      'proposal-in-anothers-name',
    ],
    [
      'before it was asked',
      both(write('2026-12-20'), deciding(accepted(lead, { on: '2026-01-01' }))),
      'proposal-misdated',
    ],
    ['with a state of its own', deciding(accepted(lead, { state: 'postponed' })), 'bad-value'],
    ['with more than a decision', deciding(accepted(lead, { value: '2027-01-01' })), 'bad-value'],
    ['declined without a word', deciding(accepted(lead, { state: 'declined' })), 'bad-value'],
  ])('accepted %s', (_what, edit, verdict) => {
    const server = asked(DEADLINE, '2026-12-20')
    expect(send(server, lead, edit)).toBe(verdict)
    if (verdict !== 'in') expect(readProposal(server, ID)?.decision).toBeNull()
  })

  test('a text that is accepted with other letters', () => {
    const server = asked(TITLE, 'Phim truyện')
    const other: Edit = (replica) => {
      editTaskText(replica, FILM, 'titleVi', { index: 5, remove: 8, insert: 'quảng cáo' }, null)
      deciding(accepted(lead))(replica)
    }
    expect(send(server, lead, other)).toBe('proposal-not-carried-out')
  })

  test('what stands there already is accepted as it is', () => {
    const server = asked(DEADLINE, '2026-12-20')
    expect(send(server, lead, write('2026-12-20'))).toBe('in')
    expect(send(server, lead, deciding(accepted(lead)))).toBe('in')
  })

  test('what was asked is changed or erased by nobody, the coordinator and the author included', () => {
    for (const who of [asks, lead, chief]) {
      const server = asked(DEADLINE, '2026-12-20')
      for (const [field, value] of [
        ['value', '2026-12-31'],
        ['author', who.personId],
        ['was', '2026-12-01'],
        ['path', ['tasks', FILM, 'startDate']],
      ] as const) {
        expect(send(server, who, (replica) => replica.proposals.get(ID)?.set(field, value))).toBe('unknown-place')
      }
      expect(send(server, who, (replica) => replica.proposals.delete(ID))).toBe('field-erased')
      expect(send(server, who, (replica) => replica.proposals.get(ID)?.delete('decision'))).toBe('field-erased')
      expect(send(server, who, forged({ value: '2026-12-31', author: who.personId }))).toBe('container-replaced')
      expect(readProposal(server, ID)).toMatchObject({ value: '2026-12-20', decision: null })
    }
  })

  test('two decisions under one key are none, whichever stands', () => {
    const server = asked(DEADLINE, '2026-12-20')
    const structs = [0, 1].map((clock) =>
      rawItem(ME, clock, value(accepted(lead, { state: 'declined', word: `không ${clock}` })), {
        ...(clock === 0 ? { origin: idUnder(mapOf(server), 'decision') } : { origin: Y.createID(ME, 0) }),
      }),
    )
    expect(sendRaw(server, structs, NO_DELETES, { by: lead, plan: consulting })).toBe('bad-value')
  })

  test('after the decision nothing of it changes', () => {
    const server = asked(DEADLINE, '2026-12-20')
    expect(send(server, lead, (replica) => declineProposal(replica, ID, actor(lead), 'không'))).toBe('in')
    const again = both(write('2026-12-20'), deciding(accepted(chief)))
    expect(send(server, chief, again)).toBe('proposal-decided')
    expect(send(server, asks, deciding(accepted(asks, { state: 'withdrawn' })))).toBe('proposal-decided')
    expect(send(server, chief, deciding({ ...accepted(chief), state: 'withdrawn' }))).toBe('proposal-decided')
    expect(send(server, lead, (replica) => replica.proposals.get(ID)?.set('decision', null))).toBe('bad-value')
  })
})
