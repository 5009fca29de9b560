import type { MatrixFault } from '@dongbo/model/matrix/writes.ts'
import type { Denial } from '@dongbo/policy/decision.ts'

/** Why the gate does not let an update in. `gap` is no fault: the server then asks for what is missing. */
export type RefusalCode =
  /** Not what an honest Yjs 13 encoder produces. */
  | 'malformed'
  | 'too-many-parts'
  /** It builds on structs that the server does not have. */
  | 'gap'
  /** A struct under a client id that belongs to somebody else. */
  | 'foreign-client-id'
  | 'too-many-client-ids'
  /** Under a client id and clocks that the document has it tells something else: two copies wrote under one id. */
  | 'client-id-taken'
  | 'document-too-large'
  /** Its place cannot be told: its neighbours stand in different containers. */
  | 'unresolvable'
  /** He may only suggest, and this changes what stands there. */
  | 'suggest-only'
  /** It changes what somebody else suggests. */
  | 'not-your-suggestion'
  /** Nested deeper or under more marks than any editor makes it. */
  | 'too-rich'
  | MatrixFault
  | Denial

export interface Refusal {
  readonly code: RefusalCode
  readonly path: readonly string[]
}

export function refusal(code: RefusalCode, path: readonly string[] = []): Refusal {
  return { code, path }
}
