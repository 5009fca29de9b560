import { useLayoutEffect, useState, type RefObject } from 'react'
import { cellElement } from '../grid/cellElement.ts'
import type { Place } from '../matrixState.ts'

/** The cell's rectangle on the screen, followed while the sheet scrolls; null while the cell is not drawn. */
export function useAnchor(sheet: RefObject<HTMLDivElement | null>, place: Place): DOMRect | null {
  const [rect, setRect] = useState<DOMRect | null>(null)
  const { line, column } = place
  useLayoutEffect(() => {
    const scroller = sheet.current
    if (scroller === null) return
    const measure = (): void => setRect(cellElement(scroller, { line, column })?.getBoundingClientRect() ?? null)
    measure()
    scroller.addEventListener('scroll', measure, { passive: true })
    window.addEventListener('resize', measure)
    return () => {
      scroller.removeEventListener('scroll', measure)
      window.removeEventListener('resize', measure)
    }
  }, [sheet, line, column])
  return rect
}
