import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { PlanFacts } from '@dongbo/policy/matrixFacts.ts'
import type { Principal } from '@dongbo/policy/principal.ts'

/** What a person is to one document at this moment. */
export interface Grant {
  readonly principal: Principal
  /** Of the plan that the document belongs to. */
  readonly plan: PlanFacts
}

/** Who may open what. Asked when a socket opens and again whenever rights may have changed. */
export interface Grants {
  /** Null when the document does not exist or the person may not read it: both look the same from outside. */
  grantFor(sessionId: string, document: DocumentName): Promise<Grant | null>
}
