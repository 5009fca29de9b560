import type { Instant } from '@dongbo/kernel/clock.ts'
import { seq, type Seq } from '../ports/updateLog.ts'

/** A connection in a room: sockets are told apart by this number, never by whom they say they are. */
export type MemberId = number

export interface Member {
  readonly id: MemberId
  /** Asked for our own messages (`saved`, `refused`) by the subprotocol. */
  readonly speaksDongbo: boolean
  /** Everything up to here was sent to it; null until it has asked for the document. */
  cursor: Seq | null
  /** Document messages received from it. */
  received: number
  /** Messages that will be durable once `upTo` is committed, oldest first. */
  readonly awaiting: { readonly count: number; readonly upTo: Seq }[]
  /** An update of its had a gap: nothing is acknowledged until it has answered with everything. */
  gap: boolean
  /** It was refused: its document is ahead of ours for ever, so nothing more is taken from it. */
  refused: boolean
  /** It does not read: nothing is queued for it until it drains. */
  slow: boolean
}

export interface TailEntry {
  readonly seq: Seq
  readonly update: Uint8Array
  readonly author: MemberId
}

/**
 * A room as bytes and cursors: what is durable (`base`, then `tail`), what is applied but not yet durable (`inFlight`),
 * and how far each connection has been told. Owned by `step`, which alone changes it.
 */
export interface RoomState {
  readonly members: Map<MemberId, Member>
  /** The whole state after `baseSeq`, encoded once for everybody who opens the document. */
  base: Uint8Array
  baseSeq: Seq
  /** Durable entries behind the base, in order. */
  tail: TailEntry[]
  tailBytes: number
  /** Applied to the live document, told to nobody. */
  inFlight: TailEntry[]
  /** Last entry that is durable. */
  committed: Seq
  /** Last entry that was told to everybody who keeps up. */
  told: Seq
  lastTellingAt: Instant
  tellingScheduled: boolean
}

export function openState(base: Uint8Array, baseSeq: Seq, now: Instant): RoomState {
  return {
    members: new Map(),
    base,
    baseSeq,
    tail: [],
    tailBytes: 0,
    inFlight: [],
    committed: baseSeq,
    told: baseSeq,
    lastTellingAt: now,
    tellingScheduled: false,
  }
}

/** The newest entry that the live document holds, durable or not. */
export function applied(state: RoomState): Seq {
  return state.inFlight.at(-1)?.seq ?? state.committed
}

/** Bytes that the document takes, what is in flight included. */
export function documentBytes(state: RoomState): number {
  let bytes = state.base.length + state.tailBytes
  for (const entry of state.inFlight) bytes += entry.update.length
  return bytes
}

export function nextSeq(state: RoomState): Seq {
  return seq(applied(state) + 1)
}
