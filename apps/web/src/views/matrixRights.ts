import type { Body } from '@dongbo/model/body.ts'
import { existsOn } from '@dongbo/model/body.ts'
import { trustedId, type BodyId, type GroupId, type TaskId } from '@dongbo/model/ids.ts'
import { isTaskTextField, type TaskTextField, type TaskValueField } from '@dongbo/model/matrix/fields.ts'
import type { Proposal, ProposalDecision } from '@dongbo/model/matrix/proposals/proposal.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { PlainDate } from '@dongbo/model/plainDate.ts'
import type { PlanStatus } from '@dongbo/model/plan.ts'
import type { CellRole, Role } from '@dongbo/model/role.ts'
import type { TaskStatus } from '@dongbo/model/taskStatus.ts'
import { decideMatrix, decideWriting, nextStatuses } from '@dongbo/policy/decideMatrix.ts'
import { ALLOW, deny, type Decision } from '@dongbo/policy/decision.ts'
import { matrixFacts } from '@dongbo/policy/matrixFacts.ts'
import type { Principal } from '@dongbo/policy/principal.ts'

/** What I may do where, as the server would decide it now. The screen shows it; only the server enforces it. */
export interface MatrixRights {
  field(task: TaskId, field: TaskTextField | TaskValueField): Decision
  /** Whether anything at all may be written into the cell: bright paper. */
  cell(task: TaskId, body: BodyId, now: readonly Role[]): Decision
  /** Whether this role may be chosen in the cell, leaving the roles that are not mine to take. */
  role(task: TaskId, body: BodyId, role: Role): Decision
  mayDrop(task: TaskId, body: BodyId): (role: CellRole) => boolean
  statuses(task: TaskId): readonly TaskStatus[]
  addTask(): Decision
  removeTask(task: TaskId): Decision
  /** Whether I may propose changes at all. */
  propose(): Decision
  /** What I may do with an open proposal. */
  answer(proposal: Proposal): Readonly<Record<ProposalDecision['state'], Decision>>
}

/** The structure of a matrix is one right: whichever group is asked about, the answer is the same. */
const ANY_GROUP = trustedId<GroupId>('any')

interface RightsInput {
  readonly matrix: MatrixDocument
  readonly principal: Principal
  readonly planStatus: PlanStatus
  readonly bodies: readonly Body[]
  readonly today: PlainDate
}

export function matrixRights({ matrix, principal, planStatus, bodies, today }: RightsInput): MatrixRights {
  const liveBodies = new Set(bodies.filter((body) => existsOn(body, today)).map((body) => body.id))
  const facts = matrixFacts(matrix, { planStatus, liveBodies, today })
  const cellWrite = (task: TaskId, body: BodyId, before: readonly CellRole[], after: readonly CellRole[]): Decision =>
    decideMatrix(principal, { on: 'cell', task, body, before, after }, facts)
  const rights: MatrixRights = {
    field(task, field) {
      if (isTaskTextField(field)) return decideMatrix(principal, { on: 'task', act: 'type', task, field }, facts)
      // Only the status looks at the value: staying where it is asks whether it may be moved at all.
      const after = field === 'status' ? (facts.task(task)?.status ?? null) : null
      return decideMatrix(principal, { on: 'task', act: 'set', task, field, before: null, after }, facts)
    },
    cell(task, body, now) {
      const add = cellWrite(task, body, [], ['inform'])
      if (add.allow) return add
      const standing = now.filter((role): role is CellRole => role !== 'lead')
      return standing.some((role) => cellWrite(task, body, [role], []).allow) ? ALLOW : add
    },
    role(task, body, role) {
      if (role !== 'lead') return cellWrite(task, body, [], [role])
      const may = rights.field(task, 'lead')
      return may.allow && !liveBodies.has(body) ? deny('column-body-ended') : may
    },
    mayDrop: (task, body) => (role) => cellWrite(task, body, [role], []).allow,
    statuses: (task) => nextStatuses(principal, task, facts),
    addTask: () => decideMatrix(principal, { on: 'group', act: 'set', group: ANY_GROUP, field: 'nameVi' }, facts),
    removeTask: (task) => decideMatrix(principal, { on: 'task', act: 'remove', task }, facts),
    propose: () => decideWriting(principal, planStatus),
    answer(proposal) {
      const { personId: by, bodyId: body } = principal
      const decide = (state: ProposalDecision['state']): Decision => {
        const decision = { state, by, body, on: today, word: '' }
        return decideMatrix(principal, { on: 'proposal', act: 'decide', proposal, decision, carriedOut: true }, facts)
      }
      return { accepted: decide('accepted'), declined: decide('declined'), withdrawn: decide('withdrawn') }
    },
  }
  return rights
}
