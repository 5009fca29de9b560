import type { Place } from '../matrixState.ts'

/** The element of a cell, while it is in the document. Ids hold nothing that would need escaping. */
export function cellElement(sheet: HTMLElement | null, place: Place): HTMLElement | null {
  const line = sheet?.querySelector<HTMLElement>(`[data-line="${place.line}"]`)
  return (
    line?.querySelector<HTMLElement>(`[data-column="${place.column}"]`) ??
    line?.querySelector<HTMLElement>('[data-column="title"]') ??
    null
  )
}
