import type { Brand } from '@dongbo/kernel/brand.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'

/** A server process, for as long as it runs. */
export type NodeId = Brand<string, 'NodeId'>

/** Grows each time a document changes hands: who writes with an older one is out (`Fenced`). */
export type FencingToken = Brand<number, 'FencingToken'>

export const fencingToken = (value: number): FencingToken => value as FencingToken

export interface Lease {
  readonly holder: NodeId
  readonly token: FencingToken
}

/** A lease that nobody renews ends after this long, by the store's clock. */
export const LEASE_MS = 5_000

/**
 * Which node judges and writes a document. At most one holds a lease at a time, and the log checks its token with every
 * append, so a node that was paused for an hour cannot write with an old one. Every adapter passes `leasesContract`
 * (testkit). All methods reject when the store cannot be reached.
 */
export interface Leases {
  readonly node: NodeId
  /** Takes the document when nobody holds it, or says who does. Claiming what one holds already prolongs it. */
  claim(document: DocumentName): Promise<Lease>
  /** Takes the document whoever holds it: for when the holder cannot be asked. */
  seize(document: DocumentName): Promise<Lease>
  /** Prolongs every lease of this node. Returns the documents that are still its own. */
  renew(): Promise<ReadonlySet<DocumentName>>
  /** Gives a document up; does nothing when it is not this node's. */
  release(document: DocumentName): Promise<void>
}
