import * as Y from 'yjs'
import type { PersonId } from '@dongbo/model/ids.ts'
import { DOCUMENT_LIMIT_BYTES } from '@dongbo/protocol/limits.ts'
import { integrate } from '../gate/integrate.ts'
import { judge, type Decide } from '../gate/judge.ts'
import { refusal, type Refusal } from '../gate/refusal.ts'
import type { ClientOwner } from '../ports/updateLog.ts'
import { checkedSnapshot } from './replay.ts'

/** What became of an update at the gate. */
export type Outcome =
  /** It is in; `emitted` is what Yjs made of it, null when it changed nothing. */
  | { readonly as: 'in'; readonly emitted: Uint8Array | null; readonly newOwners: readonly ClientOwner[] }
  | { readonly as: 'gap' }
  | { readonly as: 'refused'; readonly refusal: Refusal }
  /** Yjs did something that was not judged: this copy must be thrown away. */
  | { readonly as: 'unfaithful' }

/** The Y.Doc of a room with the client ids that have written in it; changed only through the gate. */
export class LiveDocument {
  readonly doc: Y.Doc
  readonly #owners: Map<number, PersonId>

  constructor(doc: Y.Doc, owners: ReadonlyMap<number, PersonId>) {
    this.doc = doc
    this.#owners = new Map(owners)
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.doc)
  }

  state(): Uint8Array {
    return Y.encodeStateAsUpdate(this.doc)
  }

  /** What the document has beyond a state vector, or null when the bytes are not one. */
  missing(stateVector: Uint8Array): Uint8Array | null {
    try {
      return Y.encodeStateAsUpdate(this.doc, stateVector)
    } catch {
      // lib0 throws on malformed numbers: that is its way of saying "not a state vector".
      return null
    }
  }

  /** See `checkedSnapshot`. */
  snapshot(): Uint8Array | null {
    return checkedSnapshot(this.doc)
  }

  /**
   * Judges an update and, when it may be in, applies it.
   * @param size bytes that the document takes now
   */
  take(update: Uint8Array, author: PersonId, decide: Decide, size: number): Outcome {
    if (size + update.length > DOCUMENT_LIMIT_BYTES) return { as: 'refused', refusal: refusal('document-too-large') }
    const verdict = judge(this.doc, update, author, this.#owners, decide)
    if (!verdict.ok) {
      return verdict.error.code === 'gap' ? { as: 'gap' } : { as: 'refused', refusal: verdict.error }
    }
    const { emitted, faithful } = integrate(this.doc, verdict.value.update, verdict.value.changes, author)
    if (!faithful) return { as: 'unfaithful' }
    const newOwners = verdict.value.newClients.map((clientId) => ({ clientId, personId: author }))
    for (const { clientId } of newOwners) this.#owners.set(clientId, author)
    return { as: 'in', emitted, newOwners }
  }
}
