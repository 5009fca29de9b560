import type { BodyId, GroupId, TaskId } from '@dongbo/model/ids.ts'
import type { KeyboardEvent } from 'react'
import { useMatrix } from '../MatrixContext.ts'
import { closeEditor, goTo, toggleFold, type Place } from '../matrixState.ts'
import type { Acts } from '../useActs.ts'
import { commandOf, walk, type Extent } from './keys.ts'
import { placeAt, positionOf, type SheetMap } from './sheetMap.ts'

/** What keys do on the sheet: they walk, open, give roles, clear, undo. `page` is how much one screen shows. */
export function useSheetKeys(
  map: SheetMap,
  current: Place | null,
  acts: Acts,
  page: { readonly lines: number; readonly columns: number },
): (event: KeyboardEvent<HTMLDivElement>) => void {
  const { view } = useMatrix()
  const rowAt = (line: Place['line']) => view.row(line as TaskId)
  const extent: Extent = {
    lines: map.layout.lines.length,
    columns: map.columnIds.length,
    pageLines: page.lines,
    pageColumns: page.columns,
    filled(at) {
      const place = placeAt(map, at)
      return place !== null && (rowAt(place.line)?.roles.get(place.column as BodyId)?.length ?? 0) > 0
    },
  }
  return (event) => {
    const { nativeEvent: native } = event
    if (native.code === 'Escape') closeEditor()
    const command = commandOf({
      code: native.code,
      key: native.key,
      ctrl: native.ctrlKey || native.metaKey,
      shift: native.shiftKey,
      alt: native.altKey,
      composing: native.isComposing,
    })
    if (command === null || current === null) return
    event.preventDefault()
    const isTask = rowAt(current.line) !== null
    switch (command.do) {
      case 'move':
      case 'edge':
      case 'row-end':
      case 'sheet-end':
      case 'page': {
        const next = placeAt(map, walk(positionOf(map, current), command, extent))
        if (next !== null) goTo(next)
        return
      }
      case 'open':
        if (isTask) acts.open(current)
        else toggleFold(current.line as GroupId)
        return
      default:
        if (isTask) acts.perform(command, current)
    }
  }
}
