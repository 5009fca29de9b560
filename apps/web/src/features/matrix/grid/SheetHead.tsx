import { memo } from 'react'
import { useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import { KindMark } from '#ui/KindMark.tsx'
import type { Columns } from '../columns.ts'
import type { ColumnId } from '../matrixState.ts'
import type { Range } from './layout.ts'
import type { Metrics } from './metrics.ts'
import styles from './Sheet.module.css'

const css = classNames(styles)

/** A slanted head reaches this many columns to the right of its own. */
const HEAD_REACH_COLUMNS = 3

interface SheetHeadProps {
  readonly columns: Columns
  readonly metrics: Metrics
  readonly shown: Range
  readonly current: ColumnId | null
}

/** The band over the cells: one slanted head a body, the strip of kinds, the names of the frozen columns. */
export const SheetHead = memo(function SheetHead({ columns, metrics, shown, current }: SheetHeadProps) {
  const t = useText()
  const { frozenWidth, cellWidth } = metrics
  const from = Math.max(0, shown.from - HEAD_REACH_COLUMNS)
  return (
    <div role="row" aria-rowindex={1} className={css('head')}>
      <div className={css('corner')} style={{ width: frozenWidth }}>
        <div className={css('heads')} role="presentation">
          {metrics.frozen.map((column, index) => (
            <div
              key={column.id}
              role="columnheader"
              aria-colindex={index + 1}
              className={css('fieldHead')}
              style={{ width: column.width }}
            >
              {t(`matrix.col.${column.id}`)}
            </div>
          ))}
        </div>
      </div>
      {columns.list.slice(from, shown.to).map((column, offset) => {
        const index = from + offset
        return (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={metrics.frozen.length + index + 1}
            aria-label={column.name === column.fullName ? undefined : `${column.name}, ${column.fullName}`}
            className={css(
              'bodyHead',
              column.mine && 'mine',
              column.ended && 'ended',
              column.lastOfKind && 'lastOfKind',
              current === column.id && 'current',
            )}
            // Each head lies under the one to its left, so that the slanted names overlap like shingles.
            style={{ left: frozenWidth + index * cellWidth, width: cellWidth, zIndex: 60 - Math.min(offset, 59) }}
          >
            <span title={column.ended ? t('matrix.endedBody', { body: column.fullName }) : column.fullName}>
              {column.name}
            </span>
          </div>
        )
      })}
      {columns.blocks.map(({ kind, from: first, count }) => (
        <div
          key={kind}
          className={`${css('kind')} k-${kind}`}
          style={{ left: frozenWidth + first * cellWidth, width: count * cellWidth }}
          aria-hidden="true"
        >
          <span style={{ left: frozenWidth }}>
            <KindMark kind={kind} />
            {count * cellWidth < 90 ? t(`kind.${kind}.short`) : t(`kind.${kind}`)} <em>{count}</em>
          </span>
        </div>
      ))}
    </div>
  )
})
