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
