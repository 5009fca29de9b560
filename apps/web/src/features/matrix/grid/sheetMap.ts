import type { ColumnId, Place } from '../matrixState.ts'
import type { Position } from './keys.ts'
import type { LineLayout } from './layout.ts'
import type { Metrics } from './metrics.ts'

/** Where everything stands on the sheet at this moment. */
export interface SheetMap {
  readonly layout: LineLayout
  /** All columns from left to right, the frozen ones first. */
  readonly columnIds: readonly ColumnId[]
  readonly metrics: Metrics
}

/** The indexes of a place; the first line or column for what is not on the sheet. */
export function positionOf({ layout, columnIds }: SheetMap, place: Place): Position {
  return { line: layout.indexOf.get(place.line) ?? 0, column: Math.max(0, columnIds.indexOf(place.column)) }
}

export function placeAt({ layout, columnIds }: SheetMap, at: Position): Place | null {
  const [line, column] = [layout.lines[at.line], columnIds[at.column]]
  return line === undefined || column === undefined ? null : { line: line.id, column }
}
