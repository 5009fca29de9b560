import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import type { PlanStatus } from '@dongbo/model/plan.ts'
import { readCellRoles } from '@dongbo/model/matrix/read.ts'
import { taskMap, taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { loadOf, proposalLoad, type ProposalLoad } from '@dongbo/model/matrix/proposals/load.ts'
import type { MatrixWrite } from '@dongbo/model/matrix/writes.ts'
import type { PlainDate } from '@dongbo/model/plainDate.ts'
import type { CellRole } from '@dongbo/model/role.ts'
import { isTaskStatus, type TaskStatus } from '@dongbo/model/taskStatus.ts'

/** What the rules of the matrix need to know about one task. */
export interface TaskFacts {
  readonly lead: BodyId | null
  readonly status: TaskStatus
  /** A deadline and a product must be written before it is assigned. */
  readonly hasDeadline: boolean
  readonly hasProduct: boolean
  /** Whether it will have a lead once the writes under judgement are in. */
  readonly hasLead: boolean
  rolesOf(body: BodyId): readonly CellRole[]
}

export interface MatrixFacts {
  readonly planStatus: PlanStatus
  /** The bodies of the plan that exist today. */
  readonly liveBodies: ReadonlySet<BodyId>
  readonly today: PlainDate
  task(id: TaskId): TaskFacts | null
  /** What this body has proposed so far, with what is under judgement. */
  proposedBy(body: BodyId): ProposalLoad
}

/** What the plan's row says; the rest of the facts stands in the matrix itself. */
export interface PlanFacts {
  readonly planStatus: PlanStatus
  readonly liveBodies: ReadonlySet<BodyId>
  /** The civil date in Viet Nam. */
  readonly today: PlainDate
}

/** The one place where facts about a matrix are gathered, for the server's gate and for the screen alike. */
export function matrixFacts(matrix: MatrixDocument, plan: PlanFacts): MatrixFacts {
  return {
    ...plan,
    proposedBy: (body) => proposalLoad(matrix, body),
    task(id) {
      const map = taskMap(matrix, id)
      if (map === null) return null
      const lead = map.get('lead')
      const status = map.get('status')
      return {
        lead: typeof lead === 'string' ? (lead as BodyId) : null,
        status: isTaskStatus(status) ? status : 'draft',
        hasLead: typeof lead === 'string',
        hasDeadline: typeof map.get('deadline') === 'string',
        hasProduct: (taskText(matrix, id, 'productVi')?.length ?? 0) > 0,
        rolesOf: (body) => readCellRoles(matrix, id, body),
      }
    },
  }
}

/**
 * The facts when several writes arrive as one (who worked offline sends everything at once): a lead, a deadline or a
 * product written together with the assignment counts for it. Capacities stay those before: nobody makes himself lead
 * and acts as lead in one stroke.
 */
export function factsAfter(facts: MatrixFacts, writes: readonly MatrixWrite[]): MatrixFacts {
  // One walk: somebody hostile sends tens of thousands of writes at once, and each is decided by these facts.
  const changed = new Map<TaskId, { hasProduct?: boolean; hasLead?: boolean; hasDeadline?: boolean }>()
  for (const write of writes) {
    if (write.on !== 'task' || (write.act !== 'type' && write.act !== 'set')) continue
    const after = changed.get(write.task) ?? {}
    if (write.act === 'type' && write.field === 'productVi') after.hasProduct = true
    if (write.act === 'set' && write.field === 'lead') after.hasLead = write.after !== null
    if (write.act === 'set' && write.field === 'deadline') after.hasDeadline = write.after !== null
    changed.set(write.task, after)
  }
  const proposed = new Map<BodyId, ProposalLoad>()
  return {
    ...facts,
    proposedBy(body) {
      const known = proposed.get(body)
      if (known !== undefined) return known
      let { open, units } = facts.proposedBy(body)
      for (const write of writes) {
        if (write.on !== 'proposal' || write.act !== 'make' || write.proposal.authorBody !== body) continue
        const load = loadOf(write.proposal)
        open += load.open
        units += load.units
      }
      const load = { open, units }
      proposed.set(body, load)
      return load
    },
    task(id) {
      const task = facts.task(id)
      return task === null ? null : { ...task, ...changed.get(id) }
    },
  }
}
