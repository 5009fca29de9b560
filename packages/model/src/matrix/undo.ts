import * as Y from 'yjs'
import type { MatrixDocument } from './shape.ts'

/**
 * Undo and redo of the edits that were made with `origin`. An edit of a field that somebody else has set meanwhile is left
 * alone: Yjs would take the value away without bringing the older one back, and a field is never without a value.
 */
export function undoOf(
  matrix: MatrixDocument,
  origin: unknown,
  options: { readonly captureMs?: number } = {},
): Y.UndoManager {
  const rows: ReadonlySet<unknown> = new Set([matrix.tasks, matrix.groups])
  return new Y.UndoManager([matrix.groups, matrix.tasks, matrix.roles], {
    trackedOrigins: new Set([origin]),
    ...(options.captureMs === undefined ? {} : { captureTimeout: options.captureMs }),
    // What undo could bring back has already taken the field's place when this is asked.
    deleteFilter: (item) => item.parentSub === null || !isRow(item.parent, rows),
  })
}

/** Whether this is a task or a group: its keys are fields. */
function isRow(container: unknown, rows: ReadonlySet<unknown>): boolean {
  return container instanceof Y.AbstractType && rows.has(container._item?.parent)
}
