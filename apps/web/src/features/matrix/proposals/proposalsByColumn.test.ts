import { trustedId, type BodyId, type PersonId, type ProposalId, type TaskId } from '@dongbo/model/ids.ts'
import type { ProposalPlace } from '@dongbo/model/matrix/proposals/place.ts'
import { plainDate } from '@dongbo/model/plainDate.ts'
import { expect, test } from 'vitest'
import type { ShownProposal } from '#views/shownProposals.ts'
import { proposalsByColumn } from './proposalsByColumn.ts'

const task = trustedId<TaskId>('NV-I-1')
const body = trustedId<BodyId>('sdl')
const by = { by: trustedId<PersonId>('p'), body, on: plainDate('2026-11-23') }

function shown(place: ProposalPlace, value: unknown, isDecided = false): ShownProposal {
  const decision = isDecided ? ({ state: 'withdrawn', ...by, word: '' } as const) : null
  const id = trustedId<ProposalId>('01P')
  const proposal = { id, place, value, was: null, reason: '', author: by.by, authorBody: body, on: by.on, decision }
  return { proposal, stands: null, accepted: value, textChange: null, hasMoved: false }
}

test('a proposal is told at the column where people look for its place; a decided one nowhere', () => {
  const counts = proposalsByColumn([
    shown({ on: 'cell', task, body }, ['inform']),
    shown({ on: 'value', task, field: 'lead' }, 'sdl'),
    shown({ on: 'text', task, field: 'titleEn' }, 'x'),
    shown({ on: 'value', task, field: 'deadline' }, '2026-12-20'),
    shown({ on: 'value', task, field: 'deadline' }, '2026-12-21', true),
    shown({ on: 'text', task, field: 'noteVi' }, 'x'),
    shown({ on: 'value', task, field: 'lead' }, null),
  ])
  expect(Object.fromEntries(counts)).toEqual({ sdl: 2, title: 1, deadline: 1, code: 2 })
})
