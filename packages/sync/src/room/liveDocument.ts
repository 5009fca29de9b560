import * as Y from 'yjs'
import type { PersonId } from '@dongbo/model/ids.ts'
import { DOCUMENT_LIMIT_BYTES } from '@dongbo/protocol/limits.ts'
import { integrate } from '../gate/integrate.ts'
import { judge, type Decide } from '../gate/judge.ts'
import { refusal, type Refusal } from '../gate/refusal.ts'
import type { Grant } from '../ports/grants.ts'
import type { ClientOwner } from '../ports/updateLog.ts'
import type { DurableContent, TailEntry } from './durableContent.ts'
import { applyStored, checkedSnapshot } from './replay.ts'

/** What became of an update at the gate. */
export type Outcome =
  /** It is in; `emitted` is what Yjs made of it, null when it changed nothing. */
  | { readonly as: 'in'; readonly emitted: Uint8Array | null; readonly newOwners: readonly ClientOwner[] }
  | { readonly as: 'gap' }
  | { readonly as: 'refused'; readonly refusal: Refusal }
  /** Yjs did something that was not judged: this copy must be thrown away. */
  | { readonly as: 'unfaithful' }

/** A document as a Y.Doc with the client ids that have written in it; changed only through the gate and by the log. */
export class LiveDocument {
  readonly #doc: Y.Doc
  readonly #owners: Map<number, PersonId>
  readonly #decideFor: (grant: Grant) => Decide

  /**
   * @param owners is kept up to date: it outlives this copy
   * @throws {UnreadableDocument} when the bytes do not fit together
   */
  constructor(
    content: DurableContent,
    owners: Map<number, PersonId>,
    decisionsOn: (doc: Y.Doc) => (grant: Grant) => Decide,
  ) {
    this.#doc = new Y.Doc()
    applyStored(this.#doc, content.base, content.baseSeq)
    this.follow(content.tail)
    this.#owners = owners
    this.#decideFor = decisionsOn(this.#doc)
  }

  /** Takes what the log holds, from whomever. @throws {UnreadableDocument} when it does not fit */
  follow(entries: readonly TailEntry[]): void {
    for (const { update, seq } of entries) applyStored(this.#doc, update, seq)
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.#doc)
  }

  state(): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc)
  }

  /** What the document has beyond a state vector. */
  missing(stateVector: Uint8Array): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc, stateVector)
  }

  /** See `checkedSnapshot`. */
  snapshot(): Uint8Array | null {
    return checkedSnapshot(this.#doc)
  }

  /**
   * Judges an update and, when it may be in, applies it.
   * @param size bytes that the document takes now
   * @param doubtedId see `judge`
   */
  take(update: Uint8Array, grant: Grant, size: number, doubtedId: number | null): Outcome {
    const author = grant.principal.personId
    if (size + update.length > DOCUMENT_LIMIT_BYTES) return { as: 'refused', refusal: refusal('document-too-large') }
    const verdict = judge(this.#doc, update, author, this.#owners, this.#decideFor(grant), doubtedId)
    if (!verdict.ok) {
      return verdict.error.code === 'gap' ? { as: 'gap' } : { as: 'refused', refusal: verdict.error }
    }
    const { emitted, faithful } = integrate(this.#doc, verdict.value.update, verdict.value.changes, author)
    if (!faithful) return { as: 'unfaithful' }
    const newOwners = verdict.value.newClients.map((clientId) => ({ clientId, personId: author }))
    for (const { clientId } of newOwners) this.#owners.set(clientId, author)
    return { as: 'in', emitted, newOwners }
  }
}
