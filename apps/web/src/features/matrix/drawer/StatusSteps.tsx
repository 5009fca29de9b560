import type { Task } from '@dongbo/model/matrix/read.ts'
import { useText } from '#i18n/useText.ts'
import { moveStatus } from '#intents/moveStatus.ts'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import { useMatrix } from '../MatrixContext.ts'
import styles from './TaskDrawer.module.css'

const css = classNames(styles)

/** The steps that I may take from the present state, and no others. */
export function StatusSteps({ task }: { task: Task }) {
  const t = useText()
  const { rights, writer, live, today } = useMatrix()
  const next = rights.statuses(task.id)
  if (next.length === 0) return null
  return (
    <div className={css('steps')}>
      {next.map((status) => (
        <Button
          key={status}
          onClick={() => {
            live.view.undo.stopCapturing()
            moveStatus(writer, task.id, status, today)
          }}
        >
          {t('status.move', { status: t(`status.${status}`) })}
        </Button>
      ))}
    </div>
  )
}
