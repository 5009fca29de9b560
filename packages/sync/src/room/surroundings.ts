import type { Clock } from '@dongbo/kernel/clock.ts'
import type { Random } from '@dongbo/kernel/random.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import type * as Y from 'yjs'
import type { Decide } from '../gate/judge.ts'
import type { Grant } from '../ports/grants.ts'
import type { Socket } from '../ports/socket.ts'
import type { UpdateLog } from '../ports/updateLog.ts'
import type { Backlog } from './backlog.ts'
import type { PersonBudgets } from './budget.ts'
import type { CommitQueue } from './commitQueue.ts'
import type { RoomMeter } from './meter.ts'

/** What somebody brings along who comes back with a copy of his own. */
export interface Copy {
  /** The history that it belongs to, or null when he says nothing of it. */
  readonly generation: string | null
  /** The client id under which it was written, or null. */
  readonly clientId: number | null
}

/** Who asks to come into a room. */
export interface Caller {
  readonly socket: Socket
  readonly sessionId: string
  readonly speaksDongbo: boolean
  readonly copy: Copy
}

/** Who has been let in. */
export interface Visitor {
  readonly socket: Socket
  readonly sessionId: string
  readonly grant: Grant
  /** Leased to a client that speaks our subprotocol; a stock client has its own. */
  readonly clientId: number | null
  /** An id under which his copy and another may have written different things. */
  readonly doubtedId: number | null
}

/** What happened that somebody who runs the server wants to know. Never with content. */
export interface RoomEvents {
  refused(document: DocumentName, person: PersonId, code: string): void
  /** Yjs did something that was not judged: the room is thrown away. A defect of ours or an attack we did not know. */
  unfaithful(document: DocumentName, person: PersonId): void
  failed(document: DocumentName, because: string, error: unknown): void
}

export interface RoomSurroundings {
  readonly clock: Clock
  readonly random: Random
  readonly commits: CommitQueue
  readonly backlog: Backlog
  readonly people: PersonBudgets
  readonly log: UpdateLog
  readonly events: RoomEvents
  readonly meter: RoomMeter
  /** Tells the other nodes who is in a room. */
  tellPresence(document: DocumentName, message: Uint8Array): void
  /** The decisions about a live document of this kind, for one person after the other. */
  decisionsOn(doc: Y.Doc): (grant: Grant) => Decide
}
