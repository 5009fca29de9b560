import type { TaskId } from '@dongbo/model/ids.ts'
import { useLayoutEffect, type RefObject } from 'react'
import { useMatrix } from '../MatrixContext.ts'
import { unfold, useMatrixState } from '../matrixState.ts'
import { cellElement } from './cellElement.ts'
import { scrollTo } from './layout.ts'
import { BAND_HEIGHT_PX, FOOT_HEIGHT_PX, HEAD_REACH_PX } from './metrics.ts'
import { positionOf, type SheetMap } from './sheetMap.ts'

/** Scrolls to the cell that was asked for, as little as needed; unfolds its section first when it has to. */
export function useReveal(sheet: RefObject<HTMLDivElement | null>, map: SheetMap): void {
  const { view } = useMatrix()
  const wanted = useMatrixState((state) => state.wanted)
  const folded = useMatrixState((state) => state.folded)

  useLayoutEffect(() => {
    const scroller = sheet.current
    if (wanted === null || scroller === null) return
    const { place, focus } = wanted
    const group = view.row(place.line as TaskId)?.task.groupId
    if (group !== undefined && folded.has(group)) {
      // Comes back here with the section's lines laid out.
      unfold(group)
      return
    }
    const { layout, metrics } = map
    const at = positionOf(map, place)
    const line = layout.lines[at.line]
    if (line === undefined) return
    const seen = scroller.clientHeight - BAND_HEIGHT_PX - FOOT_HEIGHT_PX
    scroller.scrollTop = scrollTo(scroller.scrollTop, seen, line.top, line.top + line.height)
    const index = at.column - metrics.frozen.length
    if (index >= 0) {
      const left = index * metrics.cellWidth
      const wide = scroller.clientWidth - metrics.frozenWidth
      scroller.scrollLeft = scrollTo(scroller.scrollLeft, wide, left, left + metrics.cellWidth + HEAD_REACH_PX)
    }
    useMatrixState.setState({ wanted: null })
    if (focus) cellElement(scroller, place)?.focus({ preventScroll: true })
  }, [sheet, map, view, wanted, folded])
}
