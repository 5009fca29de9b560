import type { GroupId } from '@dongbo/model/ids.ts'
import { memo } from 'react'
import { useLanguage, useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import { Icon } from '#ui/Icon.tsx'
import type { Section } from '#views/matrixView.ts'
import type { Columns } from '../columns.ts'
import { useMatrix, useTotals } from '../MatrixContext.ts'
import { romanNumeral } from '../numeral.ts'
import type { Range } from './layout.ts'
import type { Metrics } from './metrics.ts'
import styles from './Sheet.module.css'

const css = classNames(styles)

interface SectionLineProps {
  readonly section: Section
  readonly number: number
  readonly top: number
  readonly ariaRow: number
  readonly folded: boolean
  readonly current: boolean
  readonly columns: Columns
  readonly metrics: Metrics
  readonly shown: Range
  readonly onToggle: (id: GroupId) => void
}

/** The head of a section: its number, its name, how many tasks and how many of them done. Folds and unfolds. */
export const SectionLine = memo(function SectionLine(props: SectionLineProps) {
  const t = useText()
  const language = useLanguage()
  const { section, folded } = props
  const { group, taskIds, done } = section
  const name = language === 'en' ? group.nameEn || group.nameVi : group.nameVi
  const numeral = romanNumeral(props.number)
  const counts =
    taskIds.length === 0
      ? t('matrix.sectionEmpty', { numeral })
      : folded
        ? t('matrix.sectionFolded', { count: taskIds.length })
        : t('matrix.sectionCount', { shown: taskIds.length, done })
  return (
    <div
      role="row"
      aria-rowindex={props.ariaRow}
      data-line={group.id}
      className={css('line', 'section')}
      style={{ top: props.top }}
    >
      <div
        role="gridcell"
        aria-colindex={1}
        aria-expanded={!folded}
        aria-selected={props.current || undefined}
        tabIndex={props.current ? 0 : undefined}
        data-column="title"
        style={{ minWidth: props.metrics.frozenWidth }}
        className={css('sectionHead', props.current && 'current')}
        onClick={() => props.onToggle(group.id)}
      >
        <b className={css('numeral')}>{numeral}</b>
        <Icon name={folded ? 'right' : 'down'} size={12} />
        <span className={css('sectionName')}>{name}</span>
        <em>{counts}</em>
      </div>
      {folded ? (
        <FoldedCounts section={section} columns={props.columns} metrics={props.metrics} shown={props.shown} />
      ) : null}
    </div>
  )
})

/** How many of a folded section's tasks each body has a part in: folded, it still reads as a matrix. */
function FoldedCounts({
  section,
  columns,
  metrics,
  shown,
}: Pick<SectionLineProps, 'section' | 'columns' | 'metrics' | 'shown'>) {
  const { view } = useMatrix()
  useTotals()
  const rows = section.taskIds.map((id) => view.row(id))
  return columns.list.slice(shown.from, shown.to).map((column, offset) => {
    const count = rows.filter((row) => row?.roles.has(column.id)).length
    if (count === 0) return null
    const left = metrics.frozenWidth + (shown.from + offset) * metrics.cellWidth
    return (
      <span key={column.id} className={css('held', column.mine && 'mine')} style={{ left }} aria-hidden="true">
        {count}
      </span>
    )
  })
}
