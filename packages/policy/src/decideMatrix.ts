import { TASK_TEXTS, TASK_VALUES, type Aspect } from '@dongbo/model/matrix/fields.ts'
import type { MatrixWrite } from '@dongbo/model/matrix/writes.ts'
import type { TaskId } from '@dongbo/model/ids.ts'
import type { PlanStatus } from '@dongbo/model/plan.ts'
import { PARTICIPATION_ROLES, type CellRole } from '@dongbo/model/role.ts'
import { isTaskStatus, TASK_TRANSITIONS, type Capacity, type TaskStatus } from '@dongbo/model/taskStatus.ts'
import { unreachable } from '@dongbo/kernel/assert.ts'
import { decideProposal } from './decideProposal.ts'
import { ALLOW, deny, type Decision } from './decision.ts'
import type { MatrixFacts, TaskFacts } from './matrixFacts.ts'
import type { Principal } from './principal.ts'

/**
 * May this person do this to the matrix? Deny by default; facts are those before the write. The rules
 * (`docs/permissions.md`): the coordinator writes structure and assignment, the lead writes his task's wording and
 * progress, a body takes and leaves its own part, an observer and an ended body write nothing, and what issue has
 * locked stays locked until the plan is opened for amendment. Who may not write a place may propose a change of it.
 */
export function decideMatrix(principal: Principal, write: MatrixWrite, facts: MatrixFacts): Decision {
  const writing = decideWriting(principal, facts.planStatus)
  if (!writing.allow) return writing
  switch (write.on) {
    case 'group':
      return structure(principal, facts)
    case 'cell':
      return decideCell(principal, write, facts)
    case 'task':
      return decideTask(principal, write, facts)
    case 'proposal':
      return decideProposal(principal, write, facts, (direct) => decideMatrix(principal, direct, facts))
    default:
      return unreachable(write)
  }
}

/** May this person write anything at all in the plan? */
export function decideWriting(principal: Principal, planStatus: PlanStatus): Decision {
  if (principal.planRole === 'observer') return deny('observer')
  if (!principal.bodyValid) return deny('body-ended')
  return planStatus === 'closed' ? deny('plan-closed') : ALLOW
}

function decideTask(principal: Principal, write: MatrixWrite & { on: 'task' }, facts: MatrixFacts): Decision {
  switch (write.act) {
    case 'create': {
      if (write.values.status !== 'draft' && write.values.status !== 'proposed') return deny('new-task-is-a-draft')
      if (write.values.lead !== null && !facts.liveBodies.has(write.values.lead)) return deny('column-body-ended')
      return structure(principal, facts)
    }
    case 'remove': {
      const task = facts.task(write.task)
      // Removing what is already gone changes nothing; what has begun is cancelled, not removed.
      if (task !== null && task.status !== 'draft' && task.status !== 'proposed') return deny('task-has-begun')
      return structure(principal, facts)
    }
    case 'type':
      return decideAspect(principal, TASK_TEXTS[write.field], write.task, facts)
    case 'set': {
      if (write.field === 'status') return decideStatus(principal, write, facts)
      if (write.field === 'lead' && write.after !== null && !liveBody(write.after, facts)) {
        return deny('column-body-ended')
      }
      return decideAspect(principal, TASK_VALUES[write.field].aspect, write.task, facts)
    }
    default:
      return unreachable(write)
  }
}

/** May this person change fields of this aspect in this task? What the screen asks to show bright or quiet paper. */
function decideAspect(principal: Principal, aspect: Aspect, id: TaskId, facts: MatrixFacts): Decision {
  const task = facts.task(id)
  if (task === null) return deny('no-such-task')
  const leads = isLead(principal, task)
  switch (aspect) {
    case 'structure':
      return structure(principal, facts)
    case 'assignment':
      return lockedByIssue(facts) ? deny('locked-by-issue') : coordinatorOnly(principal)
    case 'target':
      if (lockedByIssue(facts)) return deny('locked-by-issue')
      if (isCoordinator(principal)) return ALLOW
      // Once the plan has been issued for the first time its targets are the coordinator's to amend.
      if (leads)
        return facts.planStatus === 'draft' || facts.planStatus === 'consulting' ? ALLOW : deny('locked-by-issue')
      return deny('lead-only')
    case 'content':
    case 'progress':
      return leads || isCoordinator(principal) ? ALLOW : deny('lead-only')
    case 'status':
      return leads || isCoordinator(principal) || isJudge(principal, task) ? ALLOW : deny('lead-only')
    default:
      return unreachable(aspect)
  }
}

function decideStatus(
  principal: Principal,
  write: { readonly task: TaskId; readonly after: unknown },
  facts: MatrixFacts,
): Decision {
  const task = facts.task(write.task)
  if (task === null) return deny('no-such-task')
  if (!isTaskStatus(write.after)) return deny('no-such-transition')
  if (task.status === write.after) return decideAspect(principal, 'status', write.task, facts)
  if (write.after === 'assigned' && !(task.hasLead && task.hasDeadline && task.hasProduct)) {
    return deny('not-ready-to-assign')
  }
  const capacities = capacitiesOf(principal, task)
  if (reachable(task.status, capacities).has(write.after)) return ALLOW
  const step = TASK_TRANSITIONS.find((one) => one.from === task.status && one.to === write.after)
  if (step === undefined) return deny('no-such-transition')
  return step.by === 'judge' ? deny('judge-only') : deny(step.by === 'lead' ? 'lead-only' : 'coordinator-only')
}

/** The states this person may move the task to now, for the status menu. */
export function nextStatuses(principal: Principal, id: TaskId, facts: MatrixFacts): readonly TaskStatus[] {
  const task = facts.task(id)
  if (task === null) return []
  const steps = TASK_TRANSITIONS.filter((step) => step.from === task.status)
  return steps
    .map((step) => step.to)
    .filter((after) => {
      const write = { on: 'task', act: 'set', task: id, field: 'status', before: task.status, after } as const
      return decideMatrix(principal, write, facts).allow
    })
}

/**
 * Every state that these capacities lead to from `from`, step by step: who worked offline sends only the last of his
 * steps.
 */
function reachable(from: TaskStatus, capacities: ReadonlySet<Capacity>): ReadonlySet<TaskStatus> {
  const found = new Set<TaskStatus>()
  const waiting = [from]
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    for (const step of TASK_TRANSITIONS) {
      if (step.from !== state || !capacities.has(step.by) || found.has(step.to)) continue
      found.add(step.to)
      waiting.push(step.to)
    }
  }
  return found
}

function capacitiesOf(principal: Principal, task: TaskFacts): ReadonlySet<Capacity> {
  const capacities = new Set<Capacity>(['member'])
  if (isCoordinator(principal)) capacities.add('coordinator')
  if (isLead(principal, task)) capacities.add('lead')
  if (isJudge(principal, task)) capacities.add('judge')
  return capacities
}

function decideCell(principal: Principal, write: MatrixWrite & { on: 'cell' }, facts: MatrixFacts): Decision {
  const added = write.after.filter((role) => !write.before.includes(role))
  if (added.length > 0 && !facts.liveBodies.has(write.body)) return deny('column-body-ended')
  if (isCoordinator(principal)) return ALLOW
  if (write.body !== principal.bodyId) return deny('other-bodys-cell')
  const changed = [...added, ...write.before.filter((role) => !write.after.includes(role))]
  return changed.every(takesPart) ? ALLOW : deny('role-given-by-coordinator')
}

function structure(principal: Principal, facts: MatrixFacts): Decision {
  return facts.planStatus === 'issued' ? deny('locked-by-issue') : coordinatorOnly(principal)
}

function coordinatorOnly(principal: Principal): Decision {
  return isCoordinator(principal) ? ALLOW : deny('coordinator-only')
}

function lockedByIssue(facts: MatrixFacts): boolean {
  return facts.planStatus === 'issued'
}

function isCoordinator(principal: Principal): boolean {
  return principal.planRole === 'coordinator'
}

function isLead(principal: Principal, task: TaskFacts): boolean {
  return task.lead === principal.bodyId
}

/** Approving needs an approver of the approving body; a monitoring body's officers may also judge. */
function isJudge(principal: Principal, task: TaskFacts): boolean {
  const roles = task.rolesOf(principal.bodyId)
  return roles.includes('monitor') || (roles.includes('approve') && principal.kind === 'approver')
}

function takesPart(role: CellRole): boolean {
  return PARTICIPATION_ROLES.includes(role)
}

function liveBody(id: unknown, facts: MatrixFacts): boolean {
  for (const body of facts.liveBodies) if (body === id) return true
  return false
}
