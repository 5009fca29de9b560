import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { PersonId } from '@dongbo/model/ids.ts'

/**
 * An id that nobody has held for this long, by the store's clock, is given out again, although its last holder never said
 * that it goes: a closed private window never does, and with its ids a person would soon have used up his share. No session
 * lives that long, so no socket writes under it; only a copy on some device may still come back with it (`passed-on`).
 */
export const CLIENT_ID_KEPT_MS = 30 * 24 * 3_600_000

/**
 * Whose an id is that a copy says it has written under. `passed-on`: once it was given out again without its holder having
 * freed it, so two copies of this person's may have written different things under it.
 */
export type Holding = 'its-own' | 'passed-on' | 'not-its-own'

/**
 * Which client ids of a document nobody writes under just now. An id is free when its last holder has said so, and not
 * at once when it vanished: it may hold edits that nobody has seen yet. Every adapter passes `clientIdsContract` (testkit).
 */
export interface ClientIds {
  /** An id of this person that is free or too old, and no longer is, or null when he has none: then one is made up. */
  take(document: DocumentName, person: PersonId): Promise<number | null>
  /** Marks an id as held, from now on, unless it is somebody else's; one that was never written under is anybody's. */
  hold(document: DocumentName, person: PersonId, clientId: number): Promise<Holding>
  /** Marks an id of this person as free; does nothing for one that was never written under. */
  free(document: DocumentName, person: PersonId, clientId: number): Promise<void>
}
