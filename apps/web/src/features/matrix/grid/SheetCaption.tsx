import { ROLES, type Role } from '@dongbo/model/role.ts'
import { useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import type { Columns } from '../columns.ts'
import { useSections } from '../MatrixContext.ts'
import { RoleChip } from '../RoleChip.tsx'
import type { Metrics } from './metrics.ts'
import styles from './Sheet.module.css'

const css = classNames(styles)

/** The everyday roles first, as the keys count them. */
const LEGEND: readonly Role[] = [
  ...(['lead', 'coordinate', 'approve', 'inform'] as const),
  ...ROLES.filter((role) => !['lead', 'coordinate', 'approve', 'inform'].includes(role)),
]

/** How many roles the legend has room for, by the number of frozen columns; the picker lists all ten. */
const LEGEND_ITEMS: Readonly<Record<number, number>> = { 2: 3, 4: 8 }

/** Title and legends, in the corner over the frozen columns where the sheet never scrolls. Not a part of the grid. */
export function SheetCaption({ columns, metrics }: { columns: Columns; metrics: Metrics }) {
  const t = useText()
  const sections = useSections()
  const taskCount = sections.reduce((sum, section) => sum + section.taskIds.length, 0)
  return (
    <div className={css('caption')} style={{ width: metrics.frozenWidth }}>
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
  )
}
