import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import { memo, startTransition, useEffect, useRef, useState } from 'react'
import { text } from '#i18n/catalogue.ts'
import { useLanguage } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import type { Row } from '#views/matrixView.ts'
import type { Columns } from '../columns.ts'
import { shortDate } from '../dates.ts'
import { useMatrix, useRow } from '../MatrixContext.ts'
import type { ColumnId } from '../matrixState.ts'
import { shownStatus } from '../shownStatus.ts'
import { fieldAt } from '../useActs.ts'
import { StatusMark } from '../StatusMark.tsx'
import { proposalsByColumn } from '../proposals/proposalsByColumn.ts'
import { taskProduct, taskTitle, withProposals } from '../words.ts'
import { dots } from './dots.ts'
import type { Range } from './layout.ts'
import type { FieldColumn, Metrics } from './metrics.ts'
import type { Motion } from './motion.ts'
import { RoleCell } from './RoleCell.tsx'
import styles from './Sheet.module.css'

const css = classNames(styles)

interface TaskLineProps {
  readonly id: TaskId
  readonly top: number
  readonly ariaRow: number
  readonly columns: Columns
  readonly metrics: Metrics
  readonly shown: Range
  readonly moving: Motion
  /** The current column when the current cell is in this row. */
  readonly current: ColumnId | null
  readonly inDrawer: boolean
}

/** One task: its frozen fields and the cells of the columns in view, and of the current one wherever it is. */
export const TaskLine = memo(function TaskLine(props: TaskLineProps) {
  const { id, columns, metrics, shown, current } = props
  const { rights } = useMatrix()
  const language = useLanguage()
  const row = useRow(id)
  const flashes = useFlashes(row)
  const isFull = useFullRow(props.moving)
  const firstShown = columns.list[shown.from]?.id
  if (row === null) return null

  const proposed = proposalsByColumn(row.proposals)
  const currentIndex = current === null ? undefined : columns.indexOf.get(current as BodyId)
  const indexes: number[] = []
  const isBright = !isFull && firstShown !== undefined && rights.cell(id, firstShown, []).allow
  if (isFull) for (let index = shown.from; index < shown.to; index++) indexes.push(index)
  if (currentIndex !== undefined && !indexes.includes(currentIndex)) indexes.push(currentIndex)

  return (
    <div
      role="row"
      aria-rowindex={props.ariaRow}
      data-line={id}
      className={css('line', 'task', isBright && 'bright', (current !== null || props.inDrawer) && 'chosen')}
      style={{
        top: props.top,
        height: metrics.rowHeight,
        ...(isFull ? undefined : dots(row.roles, columns, metrics, shown)),
      }}
    >
      <div className={css('frozen')} style={{ width: metrics.frozenWidth }}>
        {metrics.frozen.map((column, index) => (
          <FieldCell
            key={column.id}
            row={row}
            column={column.id}
            width={column.width}
            ariaColumn={index + 1}
            folded={metrics.folded}
            current={current === column.id}
            proposed={proposed.get(column.id) ?? 0}
            writable={rights.field(id, fieldAt(column.id, language)).allow}
          />
        ))}
      </div>
      {indexes.map((index) => {
        const column = columns.list[index]
        if (column === undefined) return null
        const roles = row.roles.get(column.id)
        return (
          <RoleCell
            key={column.id}
            column={column}
            ariaColumn={metrics.frozen.length + index + 1}
            left={metrics.frozenWidth + index * metrics.cellWidth}
            code={row.task.code}
            roles={roles}
            proposed={proposed.get(column.id) ?? 0}
            writable={rights.cell(id, column.id, roles ?? []).allow}
            current={currentIndex === index}
            flash={flashes.get(column.id) ?? 0}
            large={metrics.folded}
          />
        )
      })}
    </div>
  )
})

interface FieldCellProps {
  readonly row: Row
  readonly column: FieldColumn
  readonly width: number
  readonly ariaColumn: number
  readonly folded: boolean
  readonly current: boolean
  readonly proposed: number
  readonly writable: boolean
}

function FieldCell({ row, column, width, ariaColumn, folded, current, proposed, writable }: FieldCellProps) {
  const language = useLanguage()
  const { today, planYear } = useMatrix()
  const { task } = row
  const deadline = task.deadline === null ? text('matrix.noDeadline') : shortDate(task.deadline, planYear)
  const status = shownStatus(task, today)
  const value = {
    code: task.code,
    title: taskTitle(task, language),
    deadline,
    status: text(`status.${status}`),
    product: taskProduct(task, language) || text('drawer.empty'),
  }[column]
  const label = text('matrix.cell.field', {
    field: text(`matrix.col.${column}`),
    code: task.code,
    value: withProposals(value, proposed),
    paper: text(writable ? 'matrix.cell.writable' : 'matrix.cell.locked'),
  })
  return (
    <div
      role={column === 'title' ? 'rowheader' : 'gridcell'}
      aria-colindex={ariaColumn}
      aria-selected={current || undefined}
      aria-readonly={!writable || undefined}
      aria-label={label}
      tabIndex={current ? 0 : undefined}
      data-column={column}
      className={css('field', column, current && 'current', !writable && 'lockedField')}
      style={{ width }}
    >
      {column === 'status' ? (
        <StatusMark status={status} />
      ) : column === 'title' ? (
        <div className={css('titleBox')}>
          <span className={css('clamp')}>{value}</span>
          {folded ? (
            <span className={css('under')}>
              {deadline} <StatusMark status={status} />
            </span>
          ) : null}
        </div>
      ) : (
        <span className={css(column === 'product' ? 'clamp' : 'plain')}>{value}</span>
      )}
      {proposed > 0 ? <i className={css('proposed')} /> : null}
    </div>
  )
}

/**
 * A row that comes in while the sheet rushes past is drawn without cells, its roles as mere dots on the same paper; the
 * cells follow when the sheet rests.
 */
function useFullRow(moving: Motion): boolean {
  const [isFull, setIsFull] = useState(() => !moving.isFast())
  useEffect(() => (isFull ? undefined : moving.onRest(() => startTransition(() => setIsFull(true)))), [isFull, moving])
  return isFull
}

/** Counts, per body, how often somebody else has changed the cell while this row was on the screen. */
function useFlashes(row: Row | null): ReadonlyMap<string, number> {
  const seen = useRef<{ row: Row | null; flashes: ReadonlyMap<string, number> }>({ row, flashes: NO_FLASHES })
  if (seen.current.row !== row) {
    const before = seen.current.row
    let { flashes } = seen.current
    if (row !== null && before !== null && row.byOthers !== before.byOthers) {
      const next = new Map(flashes)
      for (const body of new Set([...row.roles.keys(), ...before.roles.keys()])) {
        if (String(row.roles.get(body)) !== String(before.roles.get(body))) next.set(body, (next.get(body) ?? 0) + 1)
      }
      flashes = next
    }
    seen.current = { row, flashes }
  }
  return seen.current.flashes
}

const NO_FLASHES: ReadonlyMap<string, number> = new Map()
