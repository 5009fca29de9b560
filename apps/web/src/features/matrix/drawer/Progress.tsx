import type { Task } from '@dongbo/model/matrix/read.ts'
import { useText } from '#i18n/useText.ts'
import { setField } from '#intents/setField.ts'
import { classNames } from '#ui/classNames.ts'
import { useMatrix } from '../MatrixContext.ts'
import styles from './TaskDrawer.module.css'

const css = classNames(styles)

/** How far the work is, in per cent: a slider for those who report it, a bar for the others. */
export function Progress({ task, writable }: { task: Task; writable: boolean }) {
  const t = useText()
  const { writer } = useMatrix()
  const { progressPct } = task
  return (
    <div className={css('progress')}>
      <span>{t('drawer.progress')}</span>
      {writable ? (
        <input
          type="range"
          min={0}
          max={100}
          step={5}
          value={progressPct}
          aria-label={t('drawer.progress')}
          onChange={(event) => setField(writer, task.id, 'progressPct', Number(event.target.value))}
        />
      ) : (
        <i
          className={css('track')}
          role="progressbar"
          aria-valuenow={progressPct}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-label={t('drawer.progressOf', { percent: progressPct })}
        >
          <b style={{ width: `${progressPct}%` }} />
        </i>
      )}
      <span className={css('percent')}>{progressPct}%</span>
    </div>
  )
}
