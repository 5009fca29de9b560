import type { Body } from '@dongbo/model/body.ts'
import { existsOn } from '@dongbo/model/body.ts'
import type { DocumentChange } from '@dongbo/model/documentChange.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { matrixWrite } from '@dongbo/model/matrix/writes.ts'
import type { PlainDate } from '@dongbo/model/plainDate.ts'
import type { PlanStatus } from '@dongbo/model/plan.ts'
import { decideMatrix, decideWriting } from '@dongbo/policy/decideMatrix.ts'
import { matrixFacts } from '@dongbo/policy/matrixFacts.ts'
import type { Principal } from '@dongbo/policy/principal.ts'

interface PlanNow {
  readonly planStatus: PlanStatus
  readonly bodies: readonly Body[]
  readonly today: PlainDate
}

/**
 * Whether one change may be made, as far as this page knows; null, or why not. Decides what of a refused copy is written
 * again by itself. Only the server enforces it.
 */
export function mayChange(
  principal: Principal,
  { planStatus, bodies, today }: PlanNow,
): (matrix: MatrixDocument, change: DocumentChange) => string | null {
  const liveBodies = new Set(bodies.filter((body) => existsOn(body, today)).map((body) => body.id))
  return (matrix, change) => {
    const writing = decideWriting(principal, planStatus)
    if (!writing.allow) return writing.because
    // One change at a time, each on what the ones before it have left: nothing is created or removed beside it.
    const write = matrixWrite(matrix, change, new Set(), new Set(), [change])
    if (!write.ok) return write.error
    const decision = decideMatrix(principal, write.value, matrixFacts(matrix, { planStatus, liveBodies, today }))
    return decision.allow ? null : decision.because
  }
}
