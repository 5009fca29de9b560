import * as Y from 'yjs'
import type { Container } from '@dongbo/model/containerPath.ts'

/** Whether the container and everything it stands in still live. */
export function isAlive(container: Container): boolean {
  for (let item = container._item; item !== null; item = (item.parent as Container)._item) {
    if (item.deleted) return false
  }
  return true
}

/** The stored struct that covers an id, or null when the document has not got that far. */
export function storedStruct(doc: Y.Doc, id: Y.ID): Y.Item | Y.GC | null {
  const structs = doc.store.clients.get(id.client)
  if (structs === undefined || id.clock >= Y.getState(doc.store, id.client)) return null
  return structs[Y.findIndexSS(structs, id.clock)] ?? null
}

/** Steps along texts that one update may cost: its neighbours stand close together unless it lies. */
const STEPS_LIMIT = 200_000

/**
 * Tells whether neighbours stand in order. An item between a left neighbour and one that is not to its right has no place
 * that all replicas agree about: the live document and the same document loaded again would differ.
 */
export class NeighbourOrder {
  #steps = 0
  readonly #doc: Y.Doc

  constructor(doc: Y.Doc) {
    this.#doc = doc
  }

  /** Whether `left` stands before `right` in one list of the document; false also when it takes too long to tell. */
  stands(left: Y.ID, right: Y.ID): boolean {
    const from = storedStruct(this.#doc, left)
    const to = storedStruct(this.#doc, right)
    if (from === to) return left.clock < right.clock
    for (let item = from instanceof Y.Item ? from.right : null; item !== null; item = item.right) {
      if (item === to) return true
      if (++this.#steps > STEPS_LIMIT) return false
    }
    return false
  }
}
