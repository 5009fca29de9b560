import type { Instant } from '@dongbo/kernel/clock.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { BodyId, PersonId } from '@dongbo/model/ids.ts'
import type { Seq } from './updateLog.ts'

/**
 * What one author wrote, as one entry of the log or as all of his within a minute, merged. Who wrote at the same time as
 * others has the positions within that minute counted author by author: they say how many, and in which minute.
 */
export interface HistoryEntry {
  readonly from: Seq
  readonly to: Seq
  /** A Yjs update, encoding v1. */
  readonly update: Uint8Array
  readonly personId: PersonId | null
  readonly bodyId: BodyId | null
  readonly fromAt: Instant
  readonly toAt: Instant
}

export interface StoredHistory {
  /** Entries that were merged already, from the first on. */
  readonly compact: readonly HistoryEntry[]
  /** Those behind them, as they were written. */
  readonly entries: readonly HistoryEntry[]
  /** The snapshots whose bytes are what was kept, newest first. */
  readonly snapshots: readonly { readonly upTo: Seq; readonly update: Uint8Array }[]
}

/** Who wrote what and when, for ever. Every adapter passes `historyContract` (testkit). */
export interface History {
  /** Null when there is no such document. Rejects when something of it is damaged or missing. */
  read(document: DocumentName): Promise<StoredHistory | null>
  /**
   * Puts merged entries in the place of those that they were made of, in one transaction. Rejects, and changes nothing,
   * when they do not follow what is compact already or when two snapshots do not stand behind them.
   */
  compact(document: DocumentName, merged: readonly HistoryEntry[]): Promise<void>
}
