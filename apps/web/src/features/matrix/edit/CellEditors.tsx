import type { TaskId } from '@dongbo/model/ids.ts'
import { useState, type RefObject } from 'react'
import { useLanguage, useText } from '#i18n/useText.ts'
import { moveStatus } from '#intents/moveStatus.ts'
import { setField } from '#intents/setField.ts'
import { classNames } from '#ui/classNames.ts'
import { useMatrix, useRow } from '../MatrixContext.ts'
import { goTo, useMatrixState } from '../matrixState.ts'
import { StatusMark } from '../StatusMark.tsx'
import { SharedTextArea } from '../text/SharedTextArea.tsx'
import { isField, textFieldAt, type Acts, type FieldPlace } from '../useActs.ts'
import { CellPopover, leave } from './CellPopover.tsx'
import styles from './CellPopover.module.css'
import { DateField } from './DateField.tsx'
import { CellTip } from './CellTip.tsx'
import { RolePicker } from './RolePicker.tsx'
import { useHoveredCell } from './useHoveredCell.ts'

const css = classNames(styles)

interface CellEditorsProps {
  readonly sheet: RefObject<HTMLDivElement | null>
  readonly acts: Acts
}

/** Whatever floats over the sheet at a cell: an editor, or who may write there. One at a time. */
export function CellEditors({ sheet, acts }: CellEditorsProps) {
  const t = useText()
  const { rights } = useMatrix()
  const open = useMatrixState((state) => state.open)
  const told = useMatrixState((state) => state.told)
  const hovered = useHoveredCell(sheet)
  if (open !== null) {
    const key = `${open.line} ${open.column}`
    return isField(open) ? (
      <FieldEditor key={key} sheet={sheet} place={open} />
    ) : (
      <RolePicker key={key} sheet={sheet} place={open} acts={acts} />
    )
  }
  if (told !== null) {
    const sentence = rights.propose().allow ? `${told.sentence} ${t('proposal.hint')}` : told.sentence
    return <CellTip sheet={sheet} place={told.place} holds={null} sentence={sentence} announce />
  }
  return hovered === null ? null : (
    <CellTip sheet={sheet} place={hovered.place} holds={hovered.holds} sentence={hovered.sentence} announce={false} />
  )
}

interface FieldEditorProps {
  readonly sheet: RefObject<HTMLDivElement | null>
  readonly place: FieldPlace
}

function FieldEditor({ sheet, place }: FieldEditorProps) {
  const t = useText()
  const language = useLanguage()
  const { live, writer, rights, view, today } = useMatrix()
  const task = place.line as TaskId
  const row = useRow(task)

  // What is typed here is one step back of its own: Esc takes it back as a whole.
  const [depth] = useState(() => {
    live.view.undo.stopCapturing()
    return live.view.undo.undoStack.length
  })
  const cancel = (): void => {
    const { undo } = live.view
    while (undo.undoStack.length > depth) undo.undo()
  }

  if (row === null) return null
  const done = (): void => leave(sheet.current, place)
  const doneAndDown = (): void => {
    const order = view.sections().flatMap((section) => section.taskIds)
    const below = order[order.indexOf(task) + 1]
    if (below === undefined) done()
    else goTo({ line: below, column: place.column })
  }
  switch (place.column) {
    case 'title':
    case 'product': {
      const field = textFieldAt(place.column, language)
      const label = t(`matrix.col.${place.column}`)
      return (
        <CellPopover
          sheet={sheet}
          place={place}
          label={label}
          onEscape={cancel}
          over
          width={place.column === 'title' ? 360 : 260}
        >
          <SharedTextArea task={task} field={field} label={label} look="cell" autoFocus onEnter={doneAndDown} />
        </CellPopover>
      )
    }
    case 'deadline':
      return (
        <CellPopover sheet={sheet} place={place} label={t('matrix.col.deadline')} width={230}>
          <div className={css('padded')}>
            <DateField
              label={t('matrix.col.deadline')}
              value={row.task.deadline}
              autoFocus
              onChange={(date) => setField(writer, task, 'deadline', date)}
              onDone={doneAndDown}
            />
          </div>
        </CellPopover>
      )
    case 'status': {
      const next = rights.statuses(task)
      return (
        <CellPopover sheet={sheet} place={place} label={t('matrix.col.status')} width={230}>
          <p className={css('title')}>{t('status.now', { status: t(`status.${row.task.status}`) })}</p>
          {next.map((status, index) => (
            <button
              key={status}
              type="button"
              className={css('option')}
              autoFocus={index === 0}
              aria-label={t('status.move', { status: t(`status.${status}`) })}
              onClick={() => {
                moveStatus(writer, task, status, today)
                done()
              }}
            >
              <StatusMark status={status} />
            </button>
          ))}
          {next.length === 0 ? <p className={css('note')}>{t('status.none')}</p> : null}
        </CellPopover>
      )
    }
    default:
      return null
  }
}
