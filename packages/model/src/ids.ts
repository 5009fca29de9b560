import type { Brand } from '@dongbo/kernel/brand.ts'
import { err, ok, type Result } from '@dongbo/kernel/result.ts'

/** A plan (kế hoạch): one matrix, one calendar, many messages, many sessions. */
export type PlanId = Brand<string, 'PlanId'>
/** A task (nhiệm vụ): one row of a matrix. */
export type TaskId = Brand<string, 'TaskId'>
/** A task group (nhóm nhiệm vụ): a section of a matrix. */
export type GroupId = Brand<string, 'GroupId'>
/** A body (cơ quan, tổ chức): one column of a matrix. */
export type BodyId = Brand<string, 'BodyId'>
/** A person with an account. */
export type PersonId = Brand<string, 'PersonId'>
/** A proposal (đề xuất): a change that somebody asks for where he may not write. */
export type ProposalId = Brand<string, 'ProposalId'>

/**
 * Ids are lower or upper case ASCII letters, digits and inner hyphens, so that they never need escaping in a URL, in a
 * document name or in the `task:body` key of a cell. `__proto__` and its kin do not match.
 */
const ID = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?$/

type Malformed = 'malformed-id'

function parseId<Id extends string>(text: string): Result<Id, Malformed> {
  return ID.test(text) ? ok(text as Id) : err('malformed-id')
}

export const parseTaskId = (text: string): Result<TaskId, Malformed> => parseId<TaskId>(text)
export const parseGroupId = (text: string): Result<GroupId, Malformed> => parseId<GroupId>(text)
export const parseBodyId = (text: string): Result<BodyId, Malformed> => parseId<BodyId>(text)
export const parsePersonId = (text: string): Result<PersonId, Malformed> => parseId<PersonId>(text)
export const parseProposalId = (text: string): Result<ProposalId, Malformed> => parseId<ProposalId>(text)

/** For ids that our own code wrote (fixtures, rows of our tables). Throws on anything else. */
export function trustedId<Id extends PlanId | TaskId | GroupId | BodyId | PersonId | ProposalId>(text: string): Id {
  if (!ID.test(text)) throw new Error(`not an id: ${JSON.stringify(text)}`)
  return text as Id
}
