import * as Y from 'yjs'
import type { Path } from '../documentChange.ts'
import type { MatrixDocument } from './shape.ts'

/** A place of a matrix with what stands there, as people read it. */
export interface MatrixValue {
  readonly path: Path
  readonly value: unknown
}

/** What stands at a path: texts as strings, maps as plain objects, null when nothing does. */
export function valueAt(matrix: MatrixDocument, path: Path): unknown {
  const [root, ...keys] = path
  const roots: Readonly<Record<string, Y.Map<unknown>>> = {
    groups: matrix.groups as Y.Map<unknown>,
    tasks: matrix.tasks as Y.Map<unknown>,
    roles: matrix.roles as Y.Map<unknown>,
    proposals: matrix.proposals as Y.Map<unknown>,
  }
  let value: unknown = root !== undefined && Object.hasOwn(roots, root) ? roots[root] : null
  for (const key of keys) value = value instanceof Y.Map ? value.get(key) : null
  if (value instanceof Y.Text) return value.toString()
  return value instanceof Y.Map ? value.toJSON() : (value ?? null)
}
