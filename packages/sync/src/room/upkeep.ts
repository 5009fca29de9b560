import type { Instant } from '@dongbo/kernel/clock.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { seq, type Seq } from '../ports/updateLog.ts'
import type { Judge } from './judge.ts'
import type { RoomState } from './state.ts'
import type { RoomSurroundings } from './surroundings.ts'

/**
 * A snapshot is worth its cost (110 ms a megabyte, checked) once so much of the log stands behind the last one: as many
 * entries as take twice as long to load as the base does (19 µs an entry, 40 ms a megabyte), and at least so many. Rooms
 * that come to rest keep one in any case, so this is for the rooms that never do.
 */
const SNAPSHOT_ENTRIES_MIN = 500
const SNAPSHOT_ENTRY_PER_BASE_BYTES = 256
/**
 * A tail is folded into the base once it costs an opener some milliseconds to merge (4 µs an entry), or is an eighth of
 * the base. Folding a megabyte takes 25 ms, so a large base is folded less often.
 */
const FOLD_ENTRIES_MIN = 200
const FOLD_ENTRY_PER_BASE_BYTES = 1_280
const FOLD_BYTES_MIN = 16_384
/**
 * A room that only follows what another node judges has no live document at hand. One is built, which costs 40 ms a
 * megabyte, when the tail is so many times as long as it may be elsewhere.
 */
const FOLD_WITHOUT_LIVE = 4
/** Nobody has written for so long: the live document, many times its bytes, is let go of. */
const REST_AFTER_MS = 30_000
/** A shorter tail is cheaper to keep than to fold: a snapshot of a megabyte is checked for 100 ms. */
const REST_FOLD_ENTRIES = 16

interface Parts {
  readonly document: DocumentName
  readonly state: RoomState
  readonly judge: Judge
  readonly around: RoomSurroundings
  /** The tail has become part of the base. */
  fold(base: Uint8Array): void
  /** Runs a task after a time, unless the room is over by then. */
  later(ms: number, task: () => void): void
}

/** Keeps a room small and its document quick to load: folds the tail, keeps snapshots, lets the live document go. */
export class Upkeep {
  readonly #parts: Parts
  #snapshotAt: Seq
  #usedAt: Instant | null = null
  /** Up to where a room without a live document was folded, or could not be: that is not tried with every entry. */
  #foldTriedAt = seq(0)

  constructor(parts: Parts, snapshotAt: Seq) {
    this.#parts = parts
    this.#snapshotAt = snapshotAt
  }

  /** Something was judged: the live document is kept for a while. */
  used(): void {
    const { around } = this.#parts
    const isScheduled = this.#usedAt !== null
    this.#usedAt = around.clock.now()
    if (!isScheduled) this.#restLater(REST_AFTER_MS)
  }

  /** Opening should stay cheap: a long tail becomes part of the base while nothing is in flight. */
  foldWhenWorthIt(): void {
    const { state, judge } = this.#parts
    const { content } = state
    const { length } = content.base
    const times = judge.isLive ? 1 : FOLD_WITHOUT_LIVE
    const isShort = content.tail.length < times * Math.max(FOLD_ENTRIES_MIN, length / FOLD_ENTRY_PER_BASE_BYTES)
    if (isShort && content.tailBytes < times * Math.max(FOLD_BYTES_MIN, length / 8)) return
    if (!this.#canFold()) return
    if (!judge.isLive) return this.#foldAndRest()
    const base = judge.state()
    if (base === null) return
    this.#parts.fold(base)
    this.#snapshotLater(false)
  }

  /** Whoever judges keeps the snapshots. */
  #foldAndRest(): void {
    const { state, judge, fold } = this.#parts
    const { upTo } = state.content
    if (upTo - this.#foldTriedAt < FOLD_ENTRIES_MIN) return
    this.#foldTriedAt = upTo
    const base = judge.snapshot()
    if (base !== null) fold(base)
    judge.rest()
  }

  /** Keeps a snapshot of the durable state if enough has happened, or anything when `always`. */
  async snapshot(always: boolean): Promise<void> {
    const { document, state, judge, around } = this.#parts
    const { upTo } = state.content
    const behind = upTo - this.#snapshotAt
    const enough = Math.max(SNAPSHOT_ENTRIES_MIN, state.content.base.length / SNAPSHOT_ENTRY_PER_BASE_BYTES)
    if (judge.busy || behind === 0 || (!always && behind < enough)) return
    const update = judge.snapshot()
    if (update === null) {
      around.events.failed(document, 'snapshot does not load', null)
      return
    }
    if (state.content.tail.length > 0 && this.#canFold()) this.#parts.fold(update)
    const before = this.#snapshotAt
    this.#snapshotAt = upTo
    try {
      await around.log.saveSnapshot(document, upTo, update)
    } catch (error) {
      this.#snapshotAt = before
      throw error
    }
  }

  /** What has not been told yet would be lost to those who wait for it. */
  #canFold(): boolean {
    const { state, judge } = this.#parts
    return !judge.busy && state.told === state.content.upTo
  }

  #snapshotLater(always: boolean): void {
    const { document, around } = this.#parts
    this.snapshot(always).catch((error: unknown) => around.events.failed(document, 'snapshot', error))
  }

  #restLater(ms: number): void {
    const { around, state, judge, later } = this.#parts
    later(ms, () => {
      const idle = around.clock.now() - (this.#usedAt ?? 0)
      if (idle < REST_AFTER_MS) return this.#restLater(REST_AFTER_MS - idle)
      if (state.content.tail.length >= REST_FOLD_ENTRIES) this.#snapshotLater(true)
      if (!judge.rest()) return this.#restLater(REST_AFTER_MS)
      this.#usedAt = null
    })
  }
}
