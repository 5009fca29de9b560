import * as Y from 'yjs'
import type { Path } from '@dongbo/model/documentChange.ts'

/** A Yjs container: map, text, XML fragment. */
export type Container = Y.ContentType['type']

/** A container never moves in Yjs, so its path is computed once. */
const paths = new WeakMap<Container, Path>()

/** Where a container stands: the root's name, then the keys that lead to it. A list member counts as `*`. */
export function pathOf(container: Container): Path {
  const known = paths.get(container)
  if (known !== undefined) return known
  const item = container._item
  const path =
    item === null
      ? [Y.findRootTypeKey(container)]
      : [...pathOf(item.parent as Container), item.parentSub ?? '*']
  paths.set(container, path)
  return path
}

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

/** Joins a path to one string for look-ups: NUL occurs in no key of ours. */
export function pathKey(path: Path): string {
  return path.join('\0')
}
