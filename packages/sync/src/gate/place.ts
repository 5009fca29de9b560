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

/** Honest neighbours stand close together: so many steps are tried before a whole list is numbered. */
const CLOSE = 32

/**
 * Tells whether neighbours stand in order. An item between a left neighbour and one that is not to its right has no place
 * that all replicas agree about: the live document and the same document loaded again would differ. Good for as long as
 * the document does not change.
 */
export class NeighbourOrder {
  readonly #doc: Y.Doc
  /** Of each numbered item its list, named by its first item, and its place there. */
  readonly #numbered = new Map<Y.Item, { readonly first: Y.Item; readonly at: number }>()

  constructor(doc: Y.Doc) {
    this.#doc = doc
  }

  /** Whether `left` stands before `right` in one list of the document. */
  stands(left: Y.ID, right: Y.ID): boolean {
    const from = storedStruct(this.#doc, left)
    const to = storedStruct(this.#doc, right)
    if (from === to) return left.clock < right.clock
    if (!(from instanceof Y.Item) || !(to instanceof Y.Item)) return false
    let item = from.right
    for (let steps = 0; item !== null && steps < CLOSE; steps++, item = item.right) if (item === to) return true
    if (item === null) return false
    const start = this.#number(from)
    const end = this.#number(to)
    return start.first === end.first && start.at < end.at
  }

  #number(item: Y.Item): { readonly first: Y.Item; readonly at: number } {
    const known = this.#numbered.get(item)
    if (known !== undefined) return known
    let first = item
    while (first.left !== null) first = first.left
    let at = 0
    for (let next: Y.Item | null = first; next !== null; next = next.right)
      this.#numbered.set(next, { first, at: at++ })
    return this.#numbered.get(item) ?? { first, at }
  }
}
