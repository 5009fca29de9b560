import * as Y from 'yjs'
import type { Path } from './documentChange.ts'

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
    item === null ? [Y.findRootTypeKey(container)] : [...pathOf(item.parent as Container), item.parentSub ?? '*']
  paths.set(container, path)
  return path
}

/** Joins a path to one string for look-ups: no two paths to the same one, whatever their keys contain. */
export function pathKey(path: Path): string {
  return JSON.stringify(path)
}
