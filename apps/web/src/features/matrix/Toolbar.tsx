import { useLanguage, useText } from '#i18n/useText.ts'
import { useLive } from '#session/liveDocument.ts'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import { Icon } from '#ui/Icon.tsx'
import { Menu, MenuItem } from '#ui/Menu.tsx'
import type { Columns } from './columns.ts'
import { useMatrix, useSections } from './MatrixContext.ts'
import { useMatrixState } from './matrixState.ts'
import styles from './MatrixScreen.module.css'
import { reason } from './words.ts'

const css = classNames(styles)

interface ToolbarProps {
  readonly columns: Columns
  readonly narrow: boolean
  readonly onAddTask: () => void
}

/** Left: what I see. Right: what I add. */
export function Toolbar({ columns, narrow, onAddTask }: ToolbarProps) {
  const t = useText()
  const language = useLanguage()
  const { live, rights, bodies } = useMatrix()
  const sections = useSections()
  const folded = useMatrixState((state) => state.folded)
  const hideEmpty = useMatrixState((state) => state.hideEmpty)
  const canUndo = useLive(live, (view) => view.undo.undoStack.length > 0)
  const addTask = rights.addTask()
  const [shown, all] = [columns.list.length, columns.all]
  return (
    <div className={css('toolbar')} role="toolbar" aria-label={t('matrix.title')}>
      <Menu
        align="left"
        label={t('matrix.grouping')}
        trigger={
          <span className={css('menuLabel')}>
            <Icon name="rows" />
            <span aria-hidden="true">{t('matrix.grouping')}</span>
            <Icon name="down" size={12} />
          </span>
        }
      >
        {(close) => (
          <>
            <MenuItem
              onSelect={() => {
                useMatrixState.setState({ folded: new Set(sections.map((section) => section.group.id)) })
                close()
              }}
            >
              {t('matrix.foldAll')}
            </MenuItem>
            <MenuItem
              onSelect={() => {
                useMatrixState.setState({ folded: new Set() })
                close()
              }}
            >
              {t('matrix.unfoldAll')}
            </MenuItem>
          </>
        )}
      </Menu>
      <Button
        look="ghost"
        icon="eye"
        aria-pressed={hideEmpty}
        onClick={() => useMatrixState.setState({ hideEmpty: !hideEmpty })}
      >
        {t('matrix.hideEmpty')}
      </Button>
      <span className={css('count')} aria-live="polite">
        {hideEmpty ? t('matrix.hidden', { shown, all, hidden: all - shown }) : t('matrix.columns', { shown, all })}
      </span>
      {folded.size > 0 ? <span className={css('count')}>{t('matrix.foldedCount', { count: folded.size })}</span> : null}
      <span className={css('spring')} />
      {narrow || !canUndo ? null : (
        <>
          <Button look="ghost" icon="undo" onClick={() => live.view.undo.undo()} title="Ctrl Z">
            {t('matrix.undo')}
          </Button>
          <span className={css('separator')} />
        </>
      )}
      <Button
        look="primary"
        icon="plus"
        lockedBecause={reason(addTask, language, bodies, {}) ?? undefined}
        onClick={onAddTask}
      >
        {t('addTask.open')}
      </Button>
    </div>
  )
}
