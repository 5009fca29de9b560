import type { Path } from '../../documentChange.ts'
import type { MatrixDocument } from '../shape.ts'
import { pathOfPlace } from './place.ts'
import { readProposal } from './read.ts'

/**
 * Of what somebody has written: the places of proposals that he decided and that are decided already. Who accepts writes
 * the place too; when others have answered before him, what he wrote there must not come in by itself.
 */
export function answeredPlaces(matrix: MatrixDocument, written: readonly Path[]): readonly Path[] {
  return written.flatMap(([root, id = '', field]) => {
    const proposal = root === 'proposals' && field === 'decision' ? readProposal(matrix, id) : null
    return proposal === null || proposal.decision === null ? [] : [pathOfPlace(proposal.place)]
  })
}
