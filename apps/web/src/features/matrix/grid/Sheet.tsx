import type { GroupId, TaskId } from '@dongbo/model/ids.ts'
import { useMemo, useState, type MouseEvent, type RefObject } from 'react'
import { useText } from '#i18n/useText.ts'
import { browserClock } from '#session/clock.ts'
import { classNames } from '#ui/classNames.ts'
import type { Columns } from '../columns.ts'
import { useMatrix, useSections } from '../MatrixContext.ts'
import { goTo, samePlace, toggleFold, useMatrixState, type ColumnId, type Place } from '../matrixState.ts'
import { useActs } from '../useActs.ts'
import { columnsInView, layoutLines, linesInView } from './layout.ts'
import { BAND_HEIGHT_PX, contentWidth, FOOT_HEIGHT_PX, type Metrics } from './metrics.ts'
import { motion } from './motion.ts'
import { RemoteCursors } from './RemoteCursors.tsx'
import { SectionLine } from './SectionLine.tsx'
import { SheetFoot } from './SheetFoot.tsx'
import { SheetHead } from './SheetHead.tsx'
import { positionOf, type SheetMap } from './sheetMap.ts'
import { TaskLine } from './TaskLine.tsx'
import { useReveal } from './useReveal.ts'
import { useSheetKeys } from './useSheetKeys.ts'
import { useWindow } from './useWindow.ts'
import styles from './Sheet.module.css'

const css = classNames(styles)

/** Lines and columns kept ready on either side of the window; scrolling renders once in so many. */
const SPARE_LINES = 3
/** Rows that rush past are cheap, and the window is a frame ahead of what is drawn. */
const SPARE_LINES_FAST = 10
const SPARE_COLUMNS = 3

interface SheetProps {
  readonly sheet: RefObject<HTMLDivElement | null>
  readonly columns: Columns
  readonly metrics: Metrics
  readonly drawerTask: TaskId | null
  readonly onDrawer: (task: TaskId | null) => void
}

/** The matrix as an accessible grid of which only what is in sight stands in the document. */
export function Sheet({ sheet, columns, metrics, drawerTask, onDrawer }: SheetProps) {
  const t = useText()
  const { view } = useMatrix()
  const sections = useSections()
  const folded = useMatrixState((state) => state.folded)
  const place = useMatrixState((state) => state.place)
  const editorOpen = useMatrixState((state) => state.open !== null)
  const acts = useActs(onDrawer)
  const layout = useMemo(() => layoutLines(sections, folded, metrics.rowHeight), [sections, folded, metrics.rowHeight])
  const [moving] = useState(() => motion(browserClock))
  const window = useWindow(sheet, metrics.cellWidth * 2, metrics.rowHeight, moving)

  const bodyHeight = Math.max(0, window.height - BAND_HEIGHT_PX - FOOT_HEIGHT_PX)
  const lines = linesInView(
    layout,
    window.top,
    bodyHeight + metrics.rowHeight,
    window.isFast ? SPARE_LINES_FAST : SPARE_LINES,
  )
  const { from, to } = columnsInView(
    columns.list.length,
    metrics.cellWidth,
    window.left,
    Math.max(0, window.width - metrics.frozenWidth),
    SPARE_COLUMNS,
  )
  const shown = useMemo(() => ({ from, to }), [from, to])
  const columnIds = useMemo<readonly ColumnId[]>(
    () => [...metrics.frozen.map((column) => column.id), ...columns.list.map((column) => column.id)],
    [metrics, columns],
  )
  const current = useMemo(() => known(place, layout.indexOf, columnIds), [place, layout, columnIds])
  const map = useMemo<SheetMap>(() => ({ layout, columnIds, metrics }), [layout, columnIds, metrics])
  useReveal(sheet, map)
  const onKeyDown = useSheetKeys(map, current, acts, {
    lines: Math.floor(bodyHeight / metrics.rowHeight),
    columns: Math.floor((window.width - metrics.frozenWidth) / metrics.cellWidth),
  })

  const onClick = (event: MouseEvent): void => {
    const clicked = placeOf(event.target)
    if (clicked === null) return
    const again = samePlace(clicked, place) && useMatrixState.getState().isChosen
    goTo(clicked)
    if (view.row(clicked.line as TaskId) !== null && (again || clicked.column === 'code')) acts.open(clicked)
  }
  const columnOf = (id: string): ColumnId | null => (current !== null && current.line === id ? current.column : null)
  const drawn = new Set<number>()
  for (let index = lines.from; index < lines.to; index++) drawn.add(index)
  // The focused cell stays in the document wherever it is scrolled to, or the focus would be lost.
  if (current !== null) drawn.add(positionOf(map, current).line)

  return (
    <div
      ref={sheet}
      id="matrix-sheet"
      role="grid"
      aria-label={t('matrix.title')}
      aria-rowcount={layout.lines.length + 1}
      aria-colcount={columnIds.length}
      aria-multiselectable="false"
      className={css('sheet')}
      data-editing={editorOpen || undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div
        className={css('canvas')}
        role="presentation"
        style={{
          width: Math.max(metrics.frozenWidth + contentWidth(columns.list.length, metrics), window.width),
          ['--cell-width' as string]: `${metrics.cellWidth}px`,
        }}
      >
        <SheetHead columns={columns} metrics={metrics} shown={shown} current={current?.column ?? null} />
        <div className={css('body')} role="presentation" style={{ minHeight: layout.height }}>
          <RemoteCursors layout={layout} lines={lines} columns={columns} metrics={metrics} />
          {[...drawn].map((index) => {
            const line = layout.lines[index]
            if (line === undefined) return null
            if (line.kind === 'task') {
              return (
                <TaskLine
                  key={line.id}
                  id={line.id}
                  top={line.top}
                  ariaRow={index + 2}
                  columns={columns}
                  metrics={metrics}
                  shown={shown}
                  moving={moving}
                  current={columnOf(line.id)}
                  inDrawer={drawerTask === line.id}
                />
              )
            }
            const number = sections.findIndex((section) => section.group.id === line.id)
            const section = sections[number]
            return section === undefined ? null : (
              <SectionLine
                key={line.id}
                section={section}
                number={number + 1}
                top={line.top}
                ariaRow={index + 2}
                folded={folded.has(line.id)}
                current={columnOf(line.id) !== null}
                columns={columns}
                metrics={metrics}
                shown={shown}
                onToggle={toggleFold}
              />
            )
          })}
        </div>
        <SheetFoot columns={columns} metrics={metrics} shown={shown} />
      </div>
    </div>
  )
}

/** The place if it is on the sheet; the first cell otherwise, so that there is always one to enter by. */
function known(
  place: Place | null,
  indexOf: ReadonlyMap<TaskId | GroupId, number>,
  columnIds: readonly ColumnId[],
): Place | null {
  const [firstLine] = indexOf.keys()
  const column = place !== null && columnIds.includes(place.column) ? place.column : (columnIds[1] ?? columnIds[0])
  const line = place !== null && indexOf.has(place.line) ? place.line : firstLine
  return line === undefined || column === undefined ? null : { line, column }
}

function placeOf(target: EventTarget): Place | null {
  if (!(target instanceof Element)) return null
  const column = target.closest<HTMLElement>('[data-column]')?.dataset['column']
  const line = target.closest<HTMLElement>('[data-line]')?.dataset['line']
  return column === undefined || line === undefined ? null : { line: line as TaskId, column: column as ColumnId }
}
