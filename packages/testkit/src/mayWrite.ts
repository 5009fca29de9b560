import type { DocumentChange } from '@dongbo/model/documentChange.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { decideMatrixChanges } from '@dongbo/sync/gate/decideMatrixChanges.ts'
import { planFacts } from './people.ts'

/** What the browser knows of a person's rights in the plan that `planFacts` describes: the server's own judgement. */
export function mayWrite(principal: Principal): (matrix: MatrixDocument, change: DocumentChange) => string | null {
  return (matrix, change) => decideMatrixChanges(matrix, principal, planFacts())([change])?.code ?? null
}
