import { memo } from 'react'
import { useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import { KindMark } from '#ui/KindMark.tsx'
import { ROLES, type Role } from '@dongbo/model/role.ts'
import type { Columns } from '../columns.ts'
import type { ColumnId } from '../matrixState.ts'
import { RoleChip } from '../RoleChip.tsx'
import type { Range } from './layout.ts'
import type { Metrics } from './metrics.ts'
import styles from './Sheet.module.css'

const css = classNames(styles)

/** A slanted head reaches this many columns to the right of its own. */
const HEAD_REACH_COLUMNS = 3

/** The everyday roles first, as the keys count them. */
const LEGEND: readonly Role[] = [
  ...(['lead', 'coordinate', 'approve', 'inform'] as const),
  ...ROLES.filter((role) => !['lead', 'coordinate', 'approve', 'inform'].includes(role)),
]

/** How many roles the legend has room for, by the number of frozen columns; the picker lists all ten. */
const LEGEND_ITEMS: Readonly<Record<number, number>> = { 2: 3, 4: 8 }

interface SheetHeadProps {
  readonly columns: Columns
  readonly metrics: Metrics
  readonly shown: Range
  readonly current: ColumnId | null
  readonly taskCount: number
}

/** The band over the cells: title, legends, one slanted head a body, the strip of kinds. */
export const SheetHead = memo(function SheetHead({ columns, metrics, shown, current, taskCount }: SheetHeadProps) {
  const t = useText()
  const { frozenWidth, cellWidth } = metrics
  const from = Math.max(0, shown.from - HEAD_REACH_COLUMNS)
  return (
    <div role="row" aria-rowindex={1} className={css('head')}>
      <div className={css('corner')} style={{ width: frozenWidth }}>
        <div className={css('caption')} role="presentation">
          <div className={css('headline')}>
            <h1>{t('matrix.title')}</h1>
            <p>{t('matrix.summary', { tasks: taskCount, bodies: columns.all })}</p>
          </div>
          <ul className={css('legend')} aria-label={t('matrix.legend')}>
            {LEGEND.slice(0, LEGEND_ITEMS[metrics.frozen.length] ?? LEGEND.length).map((role) => (
              <li key={role}>
                <RoleChip role={role} />
                {t(`role.${role}`)}
              </li>
            ))}
          </ul>
          {metrics.folded ? null : (
            <p className={css('key')}>
              <i className={css('keyWrite')} />
              <span>{t('matrix.paperWrite')}</span>
              <i className={css('keyRead')} />
              <span>{t('matrix.paperRead')}</span>
              <i className={css('keyMore')} />
              <span>{t('matrix.moreRoles')}</span>
            </p>
          )}
        </div>
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
            aria-label={column.fullName}
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
