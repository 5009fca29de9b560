import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import type { PlanStatus } from '@dongbo/model/plan.ts'
import { readCellRoles } from '@dongbo/model/matrix/read.ts'
import { taskMap, taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { CellRole } from '@dongbo/model/role.ts'
import { isTaskStatus, type TaskStatus } from '@dongbo/model/taskStatus.ts'

/** What the rules of the matrix need to know about one task. */
export interface TaskFacts {
  readonly lead: BodyId | null
  readonly status: TaskStatus
  /** A deadline and a product are written: with a lead, the conditions for assigning it. */
  readonly hasDeadlineAndProduct: boolean
  rolesOf(body: BodyId): readonly CellRole[]
}

export interface MatrixFacts {
  readonly planStatus: PlanStatus
  /** The bodies of the plan that exist today. */
  readonly liveBodies: ReadonlySet<BodyId>
  task(id: TaskId): TaskFacts | null
}

/** What the plan's row says; the rest of the facts stands in the matrix itself. */
export interface PlanFacts {
  readonly planStatus: PlanStatus
  readonly liveBodies: ReadonlySet<BodyId>
}

/** The one place where facts about a matrix are gathered, for the server's gate and for the screen alike. */
export function matrixFacts(matrix: MatrixDocument, plan: PlanFacts): MatrixFacts {
  return {
    ...plan,
    task(id) {
      const map = taskMap(matrix, id)
      if (map === null) return null
      const lead = map.get('lead')
      const status = map.get('status')
      return {
        lead: typeof lead === 'string' ? (lead as BodyId) : null,
        status: isTaskStatus(status) ? status : 'draft',
        get hasDeadlineAndProduct() {
          return typeof map.get('deadline') === 'string' && (taskText(matrix, id, 'productVi')?.length ?? 0) > 0
        },
        rolesOf: (body) => readCellRoles(matrix, id, body),
      }
    },
  }
}
