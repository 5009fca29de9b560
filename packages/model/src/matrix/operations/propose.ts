import * as Y from 'yjs'
import type { BodyId, PersonId, ProposalId } from '../../ids.ts'
import type { PlainDate } from '../../plainDate.ts'
import { fits, pathOfPlace, type ProposalPlace } from '../proposals/place.ts'
import { sameValue, WORD_LIMIT_UNITS } from '../proposals/proposal.ts'
import { standsAt } from '../proposals/read.ts'
import { taskMap, type MatrixDocument } from '../shape.ts'

export interface NewProposal {
  readonly id: ProposalId
  readonly place: ProposalPlace
  readonly value: unknown
  readonly reason: string
}

/** Who does something with a proposal, and on which day. */
export interface Actor {
  readonly person: PersonId
  readonly body: BodyId
  readonly today: PlainDate
}

/**
 * Asks for a change where one may not write. False, and nothing is written, when the value cannot stand there, stands
 * there already, or the task is gone.
 */
export function propose(matrix: MatrixDocument, proposal: NewProposal, by: Actor, origin: unknown): boolean {
  const { id, place } = proposal
  const value = typeof proposal.value === 'string' ? proposal.value.normalize('NFC') : proposal.value
  const was = standsAt(matrix, place)
  if (taskMap(matrix, place.task) === null || !fits(place, value) || sameValue(value, was)) return false
  matrix.doc.transact(() => {
    const fields: Readonly<Record<string, unknown>> = {
      path: pathOfPlace(place),
      value,
      was,
      reason: proposal.reason.normalize('NFC').slice(0, WORD_LIMIT_UNITS),
      author: by.person,
      authorBody: by.body,
      on: by.today,
      decision: null,
    }
    matrix.proposals.set(id, new Y.Map(Object.entries(fields)))
  }, origin)
  return true
}
