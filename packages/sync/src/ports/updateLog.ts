import type { Instant } from '@dongbo/kernel/clock.ts'
import type { Brand } from '@dongbo/kernel/brand.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { BodyId, PersonId } from '@dongbo/model/ids.ts'
import type { FencingToken } from './leases.ts'

/** Position in a document's log: 1 for the first entry, without gaps. */
export type Seq = Brand<number, 'Seq'>

export const seq = (position: number): Seq => position as Seq

/** One accepted update as it is kept for ever: what Yjs emitted, who wrote it, for which body, when. */
export interface LogEntry {
  readonly document: DocumentName
  readonly seq: Seq
  /** A Yjs update, encoding v1. */
  readonly update: Uint8Array
  /** Null for what the system itself wrote (seed, import). */
  readonly personId: PersonId | null
  readonly bodyId: BodyId | null
  readonly at: Instant
}

/** A client id is bound to a person at its first use and never to another one afterwards. */
export interface ClientOwner {
  readonly clientId: number
  readonly personId: PersonId
}

export interface StoredEntry {
  readonly seq: Seq
  /** The first of the entries that were merged into this one; left out when it is one by itself. */
  readonly from?: Seq
  readonly update: Uint8Array
}

export interface StoredDocument {
  /** Changes when the document is restored from a backup: clients then may not merge what they kept. */
  readonly generation: string
  /** The newest verified snapshot, or null when the whole log has to be read. */
  readonly snapshot: { readonly upTo: Seq; readonly update: Uint8Array } | null
  /** The entries behind the snapshot, in order. */
  readonly tail: readonly StoredEntry[]
  readonly owners: readonly ClientOwner[]
}

/** What one commit writes: entries of any number of documents, and the client ids seen in them for the first time. */
export interface LogBatch {
  readonly entries: readonly LogEntry[]
  readonly newOwners: readonly (ClientOwner & { readonly document: DocumentName })[]
  /**
   * The lease under which each document is written: a token that is no longer the document's rolls the batch back.
   * A document that is not named here is not checked.
   */
  readonly fences?: ReadonlyMap<DocumentName, FencingToken>
}

/** Another node has taken the document over: this one may not write it any more. Nothing was written. */
export class Fenced extends Error {
  override readonly name = 'Fenced'
}

/** Another process has appended at the same position: the room must be thrown away and loaded anew. Nothing was written. */
export class SequenceConflict extends Error {
  override readonly name = 'SequenceConflict'
}

/**
 * Where edits become durable. Every adapter passes `updateLogContract` (testkit).
 * All methods reject when the store cannot be reached; nothing is then known to be written.
 */
export interface UpdateLog {
  /** Null when the document was never created. Rejects, and never yields an empty document, when reading fails. */
  load(document: DocumentName): Promise<StoredDocument | null>
  /** Creates the document with a first entry (`seq` 1). False, and nothing written, when it exists. */
  create(entry: LogEntry, generation: string): Promise<boolean>
  /** Writes the whole batch in one transaction; resolved means durable. Throws `SequenceConflict` or `Fenced`. */
  append(batch: LogBatch): Promise<void>
  /**
   * The entries behind `after`, in order: what another node has written meanwhile. Empty when there are none. Rejects when
   * they have become compact since: who has slept that long loads the document anew.
   */
  entriesAfter(document: DocumentName, after: Seq): Promise<readonly StoredEntry[]>
  /**
   * The newest position of each document, in one question: how a node finds what no notice has told it. A document that
   * may not be opened any more is left out.
   */
  heads(documents: readonly DocumentName[]): Promise<ReadonlyMap<DocumentName, Seq>>
  /**
   * Keeps a snapshot of the state after `upTo`; loading starts there from now on. The caller has checked that the bytes
   * load. Entries are kept for history. An older snapshot never replaces a newer one.
   */
  saveSnapshot(document: DocumentName, upTo: Seq, update: Uint8Array): Promise<void>
  /** Every document, for `doctor`. */
  list(): Promise<readonly DocumentName[]>
}
