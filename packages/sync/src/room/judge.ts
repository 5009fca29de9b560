import type { Instant } from '@dongbo/kernel/clock.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import type { Refusal } from '../gate/refusal.ts'
import type { Grant } from '../ports/grants.ts'
import type { Seq } from '../ports/updateLog.ts'
import type { Ticket } from './backlog.ts'
import type { TailEntry } from './durableContent.ts'
import type { MemberId } from './state.ts'

/** One document message on its way to being judged. */
export interface Submission {
  readonly member: MemberId
  /** Its number among the member's document messages. */
  readonly count: number
  readonly sessionId: string
  /** As it came. */
  readonly update: Uint8Array
  /** A sync step 2: everything that we lacked. */
  readonly reply: boolean
  /** The client id of its author's copy under which another may have written something else, or null. */
  readonly doubtedId: number | null
  /** To be given back to the backlog by the judge when it is durable, refused, asked for again, or given up. */
  readonly ticket: Ticket
  /** Who wrote it, by the rights that he has now. */
  readonly author: { readonly grant: Grant }
}

/** What a room hears from its judge. */
export interface Verdicts {
  /** It is in with entry `upTo`. Said again, with another position, when others were quicker. */
  placed(submission: Submission, upTo: Seq): void
  /** Its position went to somebody else: it is being judged anew. */
  contested(submission: Submission): void
  gap(submission: Submission, stateVector: Uint8Array): void
  refused(submission: Submission, refusal: Refusal): void
  /** Durable now, in the order of the log, without a gap. */
  committed(entries: readonly TailEntry[], now: Instant): void
  /** The update did what was not judged. */
  unfaithful(submission: Submission): void
  /** It cannot go on: the room must be left. */
  broken(reason: CloseReason, because: string, error: unknown): void
}

/** What a room hears besides where several nodes have its document open. */
export interface SharedVerdicts extends Verdicts {
  /** It was not judged, and nothing more of its author's is: he has to come back. */
  turnedAway(submission: Submission, reason: CloseReason): void
  /** Something is judged here for another node. */
  judging(): void
}

/**
 * Who decides what may be in a document and gives it its place in the log. A room has one and knows nothing else of how
 * edits become durable. Verdicts come in the order of the submissions of each member.
 */
export interface Judge {
  submit(submission: Submission): void
  /** Whether anything was submitted that is neither durable nor refused. */
  readonly busy: boolean
  /** Whether a live document is kept, many times the bytes of what it holds. */
  readonly isLive: boolean
  /**
   * What a copy lacks, out of a live document: for copies far behind, of whom the next comes soon. Null when it would
   * show what is not durable.
   */
  missing(stateVector: Uint8Array): Uint8Array | null
  /** The durable state as bytes that were read back; null when they cannot be or something is in flight. */
  snapshot(): Uint8Array | null
  /** The durable state, for a new base; null when a live document is not at hand or something is in flight. */
  state(): Uint8Array | null
  /** The sessions of other nodes of whom something is to be judged here. */
  sessions(): readonly string[]
  /** Judges everything from now on by a session's new rights. */
  regrant(sessionId: string, grant: Grant | null): void
  /** Reads what others have written, at least up to `head`. Resolves when nothing is being read any more. */
  catchUp(head: Seq): Promise<void>
  /** Resolves when something of what is being read or judged elsewhere has come to an end. */
  progress(): Promise<void>
  /** Lets go of what is kept only to be quick. False when it is needed. */
  rest(): boolean
  /** Takes nothing more and says nothing more. */
  stop(): void
}
