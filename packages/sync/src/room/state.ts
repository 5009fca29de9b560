import type { Instant } from '@dongbo/kernel/clock.ts'
import type { Seq } from '../ports/updateLog.ts'
import type { DurableContent } from './durableContent.ts'

/** A connection in a room: sockets are told apart by this number, never by whom they say they are. */
export type MemberId = number

/** A document message of a member that is in, or will be when everything up to `upTo` is durable. */
interface Awaited {
  readonly count: number
  /** Null while it is being judged. */
  upTo: Seq | null
}

export interface Member {
  readonly id: MemberId
  /** Asked for our own messages (`saved`, `refused`) by the subprotocol. */
  readonly speaksDongbo: boolean
  /** Everything up to here was sent to it; null until it has asked for the document. */
  cursor: Seq | null
  /** Document messages received from it. */
  received: number
  /** Its messages that are not known to be durable, oldest first. */
  readonly awaiting: Awaited[]
  /** An update of its had a gap: nothing is acknowledged until it has answered with everything. */
  gap: boolean
  /** It was refused: its document is ahead of ours for ever, so nothing more is taken from it. */
  refused: boolean
  /** It has given its client id back: it must not write any more. */
  released: boolean
  /** It does not read: nothing is queued for it until it drains. */
  slow: boolean
}

/**
 * A room as bytes and cursors: what is durable, and how far each connection has been told. Owned by `step`, which alone
 * changes it.
 */
export interface RoomState {
  readonly members: Map<MemberId, Member>
  readonly content: DurableContent
  /** Last entry that was told to everybody who keeps up. */
  told: Seq
  lastTellingAt: Instant
  tellingScheduled: boolean
}

export function openState(content: DurableContent, now: Instant): RoomState {
  return { members: new Map(), content, told: content.upTo, lastTellingAt: now, tellingScheduled: false }
}
