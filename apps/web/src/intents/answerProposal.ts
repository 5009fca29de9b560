import type { ProposalId } from '@dongbo/model/ids.ts'
import { acceptProposal, declineProposal, withdrawProposal } from '@dongbo/model/matrix/operations/decideProposal.ts'
import type { Actor } from '@dongbo/model/matrix/operations/propose.ts'
import type { Writer } from './writer.ts'

/** Accepts a proposal, which writes it; declines it with a word why; or withdraws what my own body proposed. */
export function answerProposal(
  writer: Writer,
  id: ProposalId,
  answer: { readonly state: 'accepted' | 'withdrawn' } | { readonly state: 'declined'; readonly word: string },
  by: Actor,
): void {
  switch (answer.state) {
    case 'accepted':
      return acceptProposal(writer.matrix, id, by, '')
    case 'declined':
      return declineProposal(writer.matrix, id, by, answer.word)
    case 'withdrawn':
      return withdrawProposal(writer.matrix, id, by)
  }
}
