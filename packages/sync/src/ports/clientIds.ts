import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { PersonId } from '@dongbo/model/ids.ts'

/**
 * Which client ids of a document nobody writes under just now. An id is free only when its last holder has said so: one
 * that vanished may hold edits that nobody has seen yet. Every adapter passes `clientIdsContract` (testkit).
 */
export interface ClientIds {
  /** A free id of this person, no longer free, or null when he has none: then a new one is made up. */
  take(document: DocumentName, person: PersonId): Promise<number | null>
  /** Marks an id as held again; one that was never written under is anybody's. False when it is somebody else's. */
  hold(document: DocumentName, person: PersonId, clientId: number): Promise<boolean>
  /** Marks an id of this person as free; does nothing for one that was never written under. */
  free(document: DocumentName, person: PersonId, clientId: number): Promise<void>
}
