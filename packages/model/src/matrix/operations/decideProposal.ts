import type { ProposalId } from '../../ids.ts'
import type { CellRole } from '../../role.ts'
import type { TaskValues } from '../fields.ts'
import { WORD_LIMIT_UNITS, type Proposal, type ProposalDecision } from '../proposals/proposal.ts'
import { acceptedValue, readProposal, standsAt } from '../proposals/read.ts'
import { taskMap, type MatrixDocument } from '../shape.ts'
import { editTaskText, textDifference } from './editTaskText.ts'
import type { Actor } from './propose.ts'
import { setCellRoles } from './setCellRoles.ts'
import { setTaskValue } from './setTaskValue.ts'

/** Where decisions come from. Undo does not follow it: a decision that others have read is not taken back in silence. */
const DECIDED = { by: 'decision' }

/** Writes what was proposed and that it was accepted, in one. Does nothing when it is not open or its task is gone. */
export function acceptProposal(matrix: MatrixDocument, id: ProposalId, by: Actor, word: string): void {
  const proposal = readProposal(matrix, id)
  if (proposal === null || proposal.decision !== null || taskMap(matrix, proposal.place.task) === null) return
  matrix.doc.transact(() => {
    carryOut(matrix, proposal)
    decide(matrix, id, 'accepted', by, word)
  }, DECIDED)
}

/** Says no; `word` tells why. Does nothing when it is not open any more, or when no reason is given. */
export function declineProposal(matrix: MatrixDocument, id: ProposalId, by: Actor, word: string): void {
  if (word.trim() !== '') decide(matrix, id, 'declined', by, word)
}

/** Takes back what one’s own body has proposed. Does nothing when it is not open any more. */
export function withdrawProposal(matrix: MatrixDocument, id: ProposalId, by: Actor): void {
  decide(matrix, id, 'withdrawn', by, '')
}

function decide(
  matrix: MatrixDocument,
  id: ProposalId,
  state: ProposalDecision['state'],
  by: Actor,
  word: string,
): void {
  if (readProposal(matrix, id)?.decision !== null) return
  const decision: ProposalDecision = {
    state,
    by: by.person,
    body: by.body,
    on: by.today,
    word: word.trim().normalize('NFC').slice(0, WORD_LIMIT_UNITS),
  }
  matrix.doc.transact(() => matrix.proposals.get(id)?.set('decision', decision), DECIDED)
}

function carryOut(matrix: MatrixDocument, proposal: Proposal): void {
  const { place } = proposal
  const value = acceptedValue(matrix, proposal)
  switch (place.on) {
    case 'text': {
      const change = textDifference(String(standsAt(matrix, place)), String(value))
      if (change !== null) editTaskText(matrix, place.task, place.field, change, DECIDED)
      return
    }
    case 'value':
      // What was proposed fits its field: a proposal is not read otherwise.
      setTaskValue(matrix, place.task, place.field, value as TaskValues[typeof place.field], DECIDED)
      return
    case 'cell':
      setCellRoles(matrix, place.task, place.body, value as readonly CellRole[], DECIDED)
  }
}
