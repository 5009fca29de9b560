import { textDifference, type TextChange } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { sameValue, type Proposal } from '@dongbo/model/matrix/proposals/proposal.ts'
import { acceptedValue, standsAt } from '@dongbo/model/matrix/proposals/read.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'

/** A proposal beside the document as it is now. */
export interface ShownProposal {
  readonly proposal: Proposal
  readonly stands: unknown
  /** What would stand there if it were accepted now. */
  readonly accepted: unknown
  /** How a text would change; null for what is no text. */
  readonly textChange: TextChange | null
  /** Whether somebody has changed the place since it was proposed. */
  readonly hasMoved: boolean
}

const NONE: readonly ShownProposal[] = []

export function shownProposals(
  matrix: MatrixDocument,
  proposals: readonly Proposal[] | undefined,
): readonly ShownProposal[] {
  if (proposals === undefined) return NONE
  return proposals.map((proposal) => {
    const stands = standsAt(matrix, proposal.place)
    const accepted = acceptedValue(matrix, proposal)
    const isText = proposal.place.on === 'text' && typeof stands === 'string' && typeof accepted === 'string'
    return {
      proposal,
      stands,
      accepted,
      textChange: isText ? textDifference(stands, accepted) : null,
      hasMoved: !sameValue(stands, proposal.was),
    }
  })
}
