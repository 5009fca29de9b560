import type { BodyId } from '../../ids.ts'
import type { MatrixDocument } from '../shape.ts'
import type { Proposal } from './proposal.ts'

/** How much a body has proposed in a document. */
export interface ProposalLoad {
  readonly open: number
  /** Letters (UTF-16 units) of all that it has ever proposed: nothing of it is erased. */
  readonly units: number
}

/** Looks at the stored fields only: it is asked for each update that proposes something. */
export function proposalLoad(matrix: MatrixDocument, body: BodyId): ProposalLoad {
  let open = 0
  let units = 0
  for (const map of matrix.proposals.values()) {
    if (map.get('authorBody') !== body) continue
    if (map.get('decision') === null) open++
    units += lengthOf(map.get('value')) + lengthOf(map.get('was')) + lengthOf(map.get('reason'))
  }
  return { open, units }
}

/** What one proposal adds to it. */
export function loadOf({ value, was, reason, decision }: Proposal): ProposalLoad {
  return { open: decision === null ? 1 : 0, units: lengthOf(value) + lengthOf(was) + lengthOf(reason) }
}

/** Letters of a text; what is no text is short and counts as one word. */
function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : WORD_UNITS
}

const WORD_UNITS = 10
