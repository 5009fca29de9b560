import { parseBodyId } from '@dongbo/model/ids.ts'
import type { Proposal } from '@dongbo/model/matrix/proposals/proposal.ts'
import type { ShownProposal } from '#views/shownProposals.ts'
import type { ColumnId } from '../matrixState.ts'

const NONE: ReadonlyMap<ColumnId, number> = new Map()

/** How many open proposals are about each column of a row. */
export function proposalsByColumn(proposals: readonly ShownProposal[]): ReadonlyMap<ColumnId, number> {
  if (proposals.length === 0) return NONE
  const counts = new Map<ColumnId, number>()
  for (const { proposal } of proposals) {
    if (proposal.decision !== null) continue
    const column = columnOf(proposal)
    counts.set(column, (counts.get(column) ?? 0) + 1)
  }
  return counts
}

/** The column in which people look for a place; what has none of its own is told at the row's number. */
function columnOf({ place, value }: Proposal): ColumnId {
  if (place.on === 'cell') return place.body
  switch (place.field) {
    case 'titleVi':
    case 'titleEn':
      return 'title'
    case 'productVi':
    case 'productEn':
      return 'product'
    case 'deadline':
    case 'status':
      return place.field
    case 'lead': {
      const lead = typeof value === 'string' ? parseBodyId(value) : null
      return lead?.ok === true ? lead.value : 'code'
    }
    default:
      return 'code'
  }
}
