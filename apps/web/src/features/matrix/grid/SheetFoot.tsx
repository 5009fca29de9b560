import { memo } from 'react'
import { useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import type { Columns } from '../columns.ts'
import { useTotals } from '../MatrixContext.ts'
import type { Range } from './layout.ts'
import type { Metrics } from './metrics.ts'
import styles from './Sheet.module.css'

const css = classNames(styles)
const BAR_HEIGHT_PX = 24

interface SheetFootProps {
  readonly columns: Columns
  readonly metrics: Metrics
  readonly shown: Range
}

/** How much each body carries, on the axis of its column: tasks it leads and tasks it takes part in. */
export const SheetFoot = memo(function SheetFoot({ columns, metrics, shown }: SheetFootProps) {
  const t = useText()
  const { byBody } = useTotals()
  const loads = columns.list.map((column) => byBody.get(column.id) ?? { leads: 0, others: 0 })
  const leads = loads.reduce((sum, load) => sum + load.leads, 0)
  const others = loads.reduce((sum, load) => sum + load.others, 0)
  const most = Math.max(1, ...loads.map((load) => load.leads + load.others))
  const mean = loads.length === 0 ? 0 : (leads + others) / loads.length
  const px = (count: number): number => (count === 0 ? 0 : Math.max(1, Math.round((count / most) * BAR_HEIGHT_PX)))
  return (
    <div className={css('foot')}>
      <div className={css('footFrozen')} style={{ width: metrics.frozenWidth }}>
        <b>{t('matrix.workload')}</b>
        {metrics.folded ? null : (
          <>
            <span>
              <i className={css('swatch', 'swatchLead')} />
              {t('matrix.workloadLead', { count: leads })}
            </span>
            <span>
              <i className={css('swatch', 'swatchOther')} />
              {t('matrix.workloadOther', { count: others })}
            </span>
            <span>{t('matrix.workloadMean', { count: Math.round(mean) })}</span>
          </>
        )}
      </div>
      {columns.list.slice(shown.from, shown.to).map((column, offset) => {
        const load = loads[shown.from + offset] ?? { leads: 0, others: 0 }
        const total = load.leads + load.others
        return (
          <div
            key={column.id}
            className={css('load', column.mine && 'mine')}
            style={{ left: metrics.frozenWidth + (shown.from + offset) * metrics.cellWidth }}
            title={t('matrix.workloadOf', { body: column.fullName, total, lead: load.leads })}
          >
            <div className={css('bar')} aria-hidden="true">
              <i className={css('mean')} style={{ bottom: px(mean) }} />
              <i className={css('barOther')} style={{ height: px(load.others) }} />
              <i className={css('barLead')} style={{ height: px(load.leads) }} />
            </div>
            {total}
          </div>
        )
      })}
    </div>
  )
})
