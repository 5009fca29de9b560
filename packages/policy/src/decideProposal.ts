import { unreachable } from '@dongbo/kernel/assert.ts'
import type { MatrixWrite } from '@dongbo/model/matrix/writes.ts'
import type { ProposalWrite } from '@dongbo/model/matrix/proposals/writes.ts'

import { sameValue } from '@dongbo/model/matrix/proposals/proposal.ts'
import { rolesOf, type ProposalPlace } from '@dongbo/model/matrix/proposals/place.ts'
import { addDays, type PlainDate } from '@dongbo/model/plainDate.ts'
import { ALLOW, deny, type Decision } from './decision.ts'
import type { MatrixFacts } from './matrixFacts.ts'
import type { Principal } from './principal.ts'

/** Longest time that somebody works offline and still comes back with what he proposed there. */
const OFFLINE_LIMIT_DAYS = 31

/** Most open proposals of one body: more than it has tasks in a yearly plan, and a queue that somebody can still read. */
export const OPEN_PROPOSALS_LIMIT = 200

/**
 * Most letters (UTF-16 units) that one body may ever propose in a document: a thousand sentences. Proposals are kept, so that
 * without a limit one body could fill the document for everybody by proposing and withdrawing.
 */
export const PROPOSED_LIMIT_UNITS = 200_000

/**
 * May this person do this with a proposal? Whoever may write anything in the plan may propose a change of any place, in his
 * own name; the author's body may withdraw it; whoever may write the place directly accepts or declines, and accepting
 * writes what was proposed.
 *
 * @param mayWrite whether this person may make a write directly, without any proposal
 */
export function decideProposal(
  principal: Principal,
  write: ProposalWrite,
  facts: MatrixFacts,
  mayWrite: (direct: MatrixWrite) => Decision,
): Decision {
  const { proposal } = write
  if (write.act === 'make') {
    if (!isOwn(principal, proposal.author, proposal.authorBody)) return deny('proposal-in-anothers-name')
    if (!isCredible(proposal.on, facts.today)) return deny('proposal-misdated')
    if (facts.task(proposal.place.task) === null) return deny('no-such-task')
    const isTakenBack = proposal.decision !== null
    if (isTakenBack) {
      const named = decidedBy(principal, proposal.decision, facts)
      if (!named.allow) return named
    } else if (!sameValue(proposal.was, write.stands)) {
      return deny('proposal-outdated')
    }
    const { open, units } = facts.proposedBy(proposal.authorBody)
    return open > OPEN_PROPOSALS_LIMIT || units > PROPOSED_LIMIT_UNITS ? deny('too-many-proposals') : ALLOW
  }
  if (proposal.decision !== null) return deny('proposal-decided')
  const named = decidedBy(principal, write.decision, facts)
  if (!named.allow) return named
  switch (write.decision.state) {
    case 'withdrawn':
      return proposal.authorBody === principal.bodyId ? ALLOW : deny('proposal-of-another-body')
    case 'declined':
      return mayWrite(touch(proposal.place, facts))
    case 'accepted': {
      const may = mayWrite(fulfilment(proposal.place, proposal.value, facts))
      if (!may.allow) return may
      return write.carriedOut ? ALLOW : deny('proposal-not-carried-out')
    }
    default:
      return unreachable(write.decision.state)
  }
}

/** The direct write that has the same effect as accepting. */
function fulfilment(place: ProposalPlace, value: unknown, facts: MatrixFacts): MatrixWrite {
  const { task } = place
  switch (place.on) {
    case 'text':
      return { on: 'task', act: 'type', task, field: place.field }
    case 'value':
      return { on: 'task', act: 'set', task, field: place.field, before: null, after: value }
    case 'cell': {
      const before = facts.task(task)?.rolesOf(place.body) ?? []
      return { on: 'cell', task, body: place.body, before, after: rolesOf(value) ?? [] }
    }
    default:
      return unreachable(place)
  }
}

/** A write of the place that leaves all as it is: who may do this may answer, also what nobody could accept. */
function touch(place: ProposalPlace, facts: MatrixFacts): MatrixWrite {
  const { task } = place
  switch (place.on) {
    case 'text':
      return { on: 'task', act: 'type', task, field: place.field }
    case 'value': {
      const after = place.field === 'status' ? (facts.task(task)?.status ?? null) : null
      return { on: 'task', act: 'set', task, field: place.field, before: null, after }
    }
    case 'cell':
      return { on: 'cell', task, body: place.body, before: [], after: [] }
    default:
      return unreachable(place)
  }
}

function decidedBy(
  principal: Principal,
  decision: { readonly by: string; readonly body: string; readonly on: PlainDate },
  facts: MatrixFacts,
): Decision {
  if (!isOwn(principal, decision.by, decision.body)) return deny('proposal-in-anothers-name')
  return isCredible(decision.on, facts.today) ? ALLOW : deny('proposal-misdated')
}

function isOwn(principal: Principal, person: string, body: string): boolean {
  return person === principal.personId && body === principal.bodyId
}

/** Never of tomorrow, and not older than somebody is offline. */
function isCredible(on: PlainDate, today: PlainDate): boolean {
  return on <= today && on >= addDays(today, -OFFLINE_LIMIT_DAYS)
}
