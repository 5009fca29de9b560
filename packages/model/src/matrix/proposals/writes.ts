import { err, ok, type Result } from '@dongbo/kernel/result.ts'
import { pathKey } from '../../containerPath.ts'
import type { DocumentChange, NewValue, Path } from '../../documentChange.ts'
import { parseProposalId } from '../../ids.ts'
import { textDifference } from '../operations/editTaskText.ts'
import { taskMap, type MatrixDocument } from '../shape.ts'
import type { MatrixFault } from '../writes.ts'
import { pathOfPlace } from './place.ts'
import { parseDecision, parseProposal, PROPOSAL_FIELDS, sameValue } from './proposal.ts'
import type { Proposal, ProposalDecision } from './proposal.ts'
import { acceptedValue, readProposal, standsAt } from './read.ts'

/** What somebody does with a proposal, as rights are given. */
export type ProposalWrite =
  | {
      readonly on: 'proposal'
      readonly act: 'make'
      readonly proposal: Proposal
      /** What stands at its place: what the author says stood there must be this. */
      readonly stands: unknown
    }
  | {
      readonly on: 'proposal'
      readonly act: 'decide'
      /** As it was before. */
      readonly proposal: Proposal
      readonly decision: ProposalDecision
      /** Whether the same update leaves at the place what was proposed. */
      readonly carriedOut: boolean
    }

/** Reads a change of the `proposals` root; `changes` are all those of the update. */
export function proposalWrite(
  matrix: MatrixDocument,
  change: DocumentChange,
  changes: readonly DocumentChange[],
): Result<ProposalWrite, MatrixFault> {
  const [, key = '', field] = change.path
  const id = parseProposalId(key)
  if (!id.ok || change.kind === 'type' || (field !== undefined && field !== 'decision')) return err('unknown-place')
  if (change.kind === 'erase') return err('field-erased')
  const { value } = change
  if (field === undefined) {
    if (matrix.proposals.has(key)) return err('container-replaced')
    if (value.type !== 'map' || value.entries.size !== PROPOSAL_FIELDS.length) return err('bad-value')
    const { entries } = value
    const proposal = parseProposal(id.value, (name) => plain(entries.get(name)))
    // Made and taken back offline comes as one; nobody decides what nobody has seen.
    if (proposal === null || (proposal.decision !== null && proposal.decision.state !== 'withdrawn')) {
      return err('bad-value')
    }
    if (taskMap(matrix, proposal.place.task) === null) return err('task-gone')
    return ok({ on: 'proposal', act: 'make', proposal, stands: standsAt(matrix, proposal.place) })
  }
  const proposal = readProposal(matrix, key)
  const decision = parseDecision(plain(value))
  if (proposal === null) return err('unknown-place')
  // One decision a proposal and update: an honest client knows that it has decided.
  if (decision === null || decision === undefined || changesAt(changes, change.path).length > 1) return err('bad-value')
  return ok({
    on: 'proposal',
    act: 'decide',
    proposal,
    decision,
    carriedOut: isCarriedOut(matrix, proposal, changes),
  })
}

function plain(value: NewValue | undefined): unknown {
  return value?.type === 'plain' ? value.value : undefined
}

/** Each update's changes by their place: sought once for every decision in it. */
const places = new WeakMap<readonly DocumentChange[], ReadonlyMap<string, readonly DocumentChange[]>>()

function changesAt(changes: readonly DocumentChange[], path: Path): readonly DocumentChange[] {
  const known = places.get(changes) ?? Map.groupBy(changes, (change) => pathKey(change.path))
  places.set(changes, known)
  return known.get(pathKey(path)) ?? []
}

/**
 * Whether these changes leave at the place what was proposed. Of a text only the letters that come in are known here,
 * not which ones leave: whoever accepts may write the text anyway.
 */
function isCarriedOut(matrix: MatrixDocument, proposal: Proposal, changes: readonly DocumentChange[]): boolean {
  const here = changesAt(changes, pathOfPlace(proposal.place))
  const wanted = acceptedValue(matrix, proposal)
  const stands = standsAt(matrix, proposal.place)
  if (here.length === 0) return sameValue(stands, wanted)
  return here.every((change) => {
    switch (change.kind) {
      case 'put':
        return sameValue(plain(change.value), wanted)
      case 'erase':
        return sameValue([], wanted)
      case 'type':
        return (textDifference(String(stands), String(wanted))?.insert ?? '') === change.inserted
    }
  })
}
