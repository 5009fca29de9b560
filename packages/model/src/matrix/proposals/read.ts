import * as Y from 'yjs'
import { parseProposalId, type ProposalId, type TaskId } from '../../ids.ts'
import { sortedCellRoles } from '../../role.ts'
import { readCellRoles } from '../read.ts'
import { taskMap, taskText, type MatrixDocument } from '../shape.ts'
import { rebasedText } from './rebasedText.ts'
import { rolesOf, type ProposalPlace } from './place.ts'
import { parseProposal, type Proposal } from './proposal.ts'

/** The proposal, or null when there is none of this id. */
export function readProposal(matrix: MatrixDocument, id: string): Proposal | null {
  const map = matrix.proposals.get(id)
  const parsed = parseProposalId(id)
  return map instanceof Y.Map && parsed.ok ? parseProposal(parsed.value, (field) => map.get(field)) : null
}

/** Every proposal, oldest first: their ids sort by the time they were made. */
export function readProposals(matrix: MatrixDocument): readonly Proposal[] {
  const ids = [...matrix.proposals.keys()].toSorted() as ProposalId[]
  return ids.flatMap((id) => readProposal(matrix, id) ?? [])
}

/** The proposals by task, oldest first; those of tasks that are gone are left out. */
export function proposalsByTask(matrix: MatrixDocument): ReadonlyMap<TaskId, readonly Proposal[]> {
  const found = new Map<TaskId, Proposal[]>()
  for (const proposal of readProposals(matrix)) {
    const { task } = proposal.place
    if (taskMap(matrix, task) === null) continue
    const own = found.get(task)
    if (own === undefined) found.set(task, [proposal])
    else own.push(proposal)
  }
  return found
}

/** What stands at a place now, in the form in which it is proposed; null also when the task is gone. */
export function standsAt(matrix: MatrixDocument, place: ProposalPlace): unknown {
  switch (place.on) {
    case 'text':
      return taskText(matrix, place.task, place.field)?.toString() ?? null
    case 'value':
      return taskMap(matrix, place.task)?.get(place.field) ?? null
    case 'cell':
      return readCellRoles(matrix, place.task, place.body)
  }
}

/** What would stand at the place if the proposal were accepted now: with what others have written there since. */
export function acceptedValue(matrix: MatrixDocument, { place, value, was }: Proposal): unknown {
  switch (place.on) {
    case 'text': {
      const now = standsAt(matrix, place)
      return rebasedText(String(was), String(value), typeof now === 'string' ? now : '')
    }
    case 'value':
      return value
    case 'cell': {
      const [from, to] = [rolesOf(was) ?? [], rolesOf(value) ?? []]
      const kept = readCellRoles(matrix, place.task, place.body).filter(
        (role) => to.includes(role) || !from.includes(role),
      )
      return sortedCellRoles([...kept, ...to.filter((role) => !from.includes(role))])
    }
  }
}
