import type { BodyId, PersonId } from '@dongbo/model/ids.ts'
import type { PlanRole } from '@dongbo/model/plan.ts'

/** A person acting for a body in one plan. */
export interface Principal {
  readonly personId: PersonId
  readonly displayName: string
  readonly bodyId: BodyId
  /** Whether the body exists today: the rights of an ended body went to its successor. */
  readonly bodyValid: boolean
  readonly kind: 'officer' | 'approver' | 'body_admin'
  readonly planRole: PlanRole
}
