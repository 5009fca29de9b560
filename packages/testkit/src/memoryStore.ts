import { instant, type Clock, type Instant } from '@dongbo/kernel/clock.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import type { NodeId } from '@dongbo/sync/ports/leases.ts'
import type { LogEntry, Seq } from '@dongbo/sync/ports/updateLog.ts'

export interface KeptDocument {
  readonly generation: string
  readonly entries: LogEntry[]
  readonly owners: Map<number, PersonId>
  /** Of `owners`, those that nobody writes under just now. */
  readonly free: Set<number>
  /** Of `owners`, when each was last held. */
  readonly heldAt: Map<number, Instant>
  /** Of `owners`, those that were given out again without having been freed. */
  readonly passedOn: Set<number>
  snapshot: { readonly upTo: Seq; readonly update: Uint8Array } | null
}

export interface KeptLease {
  /** Null when it was given up; the token stays, because it must go on growing. */
  readonly holder: NodeId | null
  readonly token: number
  readonly endsAt: Instant
}

/** What a database would hold: any number of nodes can be built over one. */
export interface MemoryStore {
  readonly documents: Map<DocumentName, KeptDocument>
  readonly leases: Map<DocumentName, KeptLease>
  /** The store's own clock, which all nodes share. */
  now(): Instant
}

/** An empty store; without a clock its time stands still. */
export function memoryStore(clock: Pick<Clock, 'now'> = { now: () => instant(0) }): MemoryStore {
  return { documents: new Map(), leases: new Map(), now: () => clock.now() }
}
