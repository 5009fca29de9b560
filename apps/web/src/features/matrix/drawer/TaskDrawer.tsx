import type { TaskId } from '@dongbo/model/ids.ts'
import { useEffect, useState } from 'react'
import { useLanguage, useText } from '#i18n/useText.ts'
import { dropTask } from '#intents/dropTask.ts'
import { Button } from '#ui/Button.tsx'
import { Dialog, DialogActions } from '#ui/Dialog.tsx'
import { classNames } from '#ui/classNames.ts'
import { useMatrix, useRow, useSections } from '../MatrixContext.ts'
import { goTo, show, useMatrixState } from '../matrixState.ts'
import { ProposalList, ProposalsWaiting } from '../proposals/ProposalList.tsx'
import { shownStatus } from '../shownStatus.ts'
import { StatusMark } from '../StatusMark.tsx'
import { SharedTextArea } from '../text/SharedTextArea.tsx'
import { taskTitle } from '../words.ts'
import { StatusSteps } from './StatusSteps.tsx'
import { TaskFields } from './TaskFields.tsx'
import { TaskRoles } from './TaskRoles.tsx'
import styles from './TaskDrawer.module.css'

const css = classNames(styles)

interface TaskDrawerProps {
  readonly id: TaskId
  readonly onDrawer: (task: TaskId | null) => void
}

/** One task beside the matrix: how it stands, what is promised and done, who has which role. */
export function TaskDrawer({ id, onDrawer }: TaskDrawerProps) {
  const t = useText()
  const language = useLanguage()
  const { live, rights, writer, today } = useMatrix()
  const sections = useSections()
  const row = useRow(id)
  const [removing, setRemoving] = useState(false)

  useEffect(() => {
    if (row === null) onDrawer(null)
  }, [row, onDrawer])
  if (row === null) return null

  const order = sections.flatMap((section) => section.taskIds)
  const at = order.indexOf(id)
  const step = (by: -1 | 1): void => {
    const next = order[at + by]
    if (next === undefined) return
    onDrawer(next)
    show({ line: next, column: useMatrixState.getState().place?.column ?? 'title' })
  }
  const close = (): void => {
    onDrawer(null)
    goTo({ line: id, column: 'title' })
  }
  const { task } = row
  const titleField = language === 'en' ? 'titleEn' : 'titleVi'
  const mayRemove = rights.removeTask(id).allow
  return (
    <section
      className={css('drawer')}
      aria-label={t('drawer.label', { code: task.code })}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.nativeEvent.isComposing) close()
      }}
    >
      <header>
        <div className={css('top')}>
          <span className={css('code')}>{task.code}</span>
          <StatusMark status={shownStatus(task, today)} />
          <span className={css('spring')} />
          <Button look="ghost" icon="left" aria-label={t('drawer.previous')} onClick={() => step(-1)} />
          <Button look="ghost" icon="right" aria-label={t('drawer.next')} onClick={() => step(1)} />
          <Button look="ghost" icon="close" aria-label={t('app.close')} onClick={close} />
        </div>
        {rights.field(id, titleField).allow ? (
          <SharedTextArea
            key={`${id} ${titleField}`}
            task={id}
            field={titleField}
            label={t('drawer.title')}
            look="heading"
          />
        ) : (
          <h2>{taskTitle(task, language)}</h2>
        )}
        <ProposalsWaiting row={row} />
      </header>
      <div className={css('body')} key={id}>
        <TaskFields row={row} />
        <StatusSteps task={task} />
        <ProposalList row={row} />
        <TaskRoles row={row} />
        {mayRemove ? (
          <div className={css('remove')}>
            <Button onClick={() => setRemoving(true)}>{t('drawer.remove')}</Button>
          </div>
        ) : null}
      </div>
      {removing ? (
        <Dialog title={t('drawer.remove')} closeLabel={t('app.close')} onClose={() => setRemoving(false)}>
          <p>{t('drawer.removeSure', { code: task.code })}</p>
          <DialogActions>
            <Button data-autofocus onClick={() => setRemoving(false)}>
              {t('app.cancel')}
            </Button>
            <Button
              look="primary"
              onClick={() => {
                onDrawer(null)
                live.view.undo.stopCapturing()
                dropTask(writer, id)
              }}
            >
              {t('drawer.remove')}
            </Button>
          </DialogActions>
        </Dialog>
      ) : null}
    </section>
  )
}
