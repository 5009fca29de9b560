import type { TaskId } from '@dongbo/model/ids.ts'
import { useEffect, useState, type RefObject } from 'react'
import { useLanguage, useText } from '#i18n/useText.ts'
import { moveStatus } from '#intents/moveStatus.ts'
import { setField } from '#intents/setField.ts'
import { browserClock } from '#session/clock.ts'
import { classNames } from '#ui/classNames.ts'
import { useMatrix, useRow } from '../MatrixContext.ts'
import { useMatrixState, type Place } from '../matrixState.ts'
import { StatusMark } from '../StatusMark.tsx'
import { SharedTextArea } from '../text/SharedTextArea.tsx'
import { fieldAt, isField, textFieldAt, type Acts, type FieldPlace } from '../useActs.ts'
import { reason } from '../words.ts'
import { CellPopover, leave } from './CellPopover.tsx'
import styles from './CellPopover.module.css'
import { DateField } from './DateField.tsx'
import { LockTip } from './LockTip.tsx'
import { RolePicker } from './RolePicker.tsx'

const css = classNames(styles)
const HOVER_DELAY_MS = 350

interface CellEditorsProps {
  readonly sheet: RefObject<HTMLDivElement | null>
  readonly acts: Acts
}

/** Whatever floats over the sheet at a cell: an editor, or who may write there. One at a time. */
export function CellEditors({ sheet, acts }: CellEditorsProps) {
  const open = useMatrixState((state) => state.open)
  const told = useMatrixState((state) => state.told)
  const hovered = useHoveredLock(sheet)
  if (open !== null) {
    const key = `${open.line} ${open.column}`
    return isField(open) ? (
      <FieldEditor key={key} sheet={sheet} place={open} />
    ) : (
      <RolePicker key={key} sheet={sheet} place={open} acts={acts} />
    )
  }
  if (told !== null) return <LockTip sheet={sheet} place={told.place} sentence={told.sentence} announce />
  return hovered === null ? null : (
    <LockTip sheet={sheet} place={hovered.place} sentence={hovered.sentence} announce={false} />
  )
}

interface FieldEditorProps {
  readonly sheet: RefObject<HTMLDivElement | null>
  readonly place: FieldPlace
}

function FieldEditor({ sheet, place }: FieldEditorProps) {
  const t = useText()
  const language = useLanguage()
  const { live, writer, rights } = useMatrix()
  const task = place.line as TaskId
  const row = useRow(task)

  useEffect(() => live.view.undo.stopCapturing(), [live])

  if (row === null) return null
  const done = (): void => leave(sheet.current, place)
  switch (place.column) {
    case 'title':
    case 'product': {
      const field = textFieldAt(place.column, language)
      const label = t(`matrix.col.${place.column}`)
      return (
        <CellPopover sheet={sheet} place={place} label={label} over width={place.column === 'title' ? 360 : 260}>
          <SharedTextArea task={task} field={field} label={label} look="cell" autoFocus onEnter={done} />
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
              onDone={done}
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
                moveStatus(writer, task, status)
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

/** The locked cell under a resting pointer, with the sentence that says who may write there. */
function useHoveredLock(sheet: RefObject<HTMLDivElement | null>): { place: Place; sentence: string } | null {
  const { view, rights, bodies } = useMatrix()
  const language = useLanguage()
  const [hovered, setHovered] = useState<{ place: Place; sentence: string } | null>(null)
  useEffect(() => {
    const scroller = sheet.current
    if (scroller === null) return
    let cancel = (): void => undefined
    const over = (event: PointerEvent): void => {
      cancel()
      setHovered(null)
      const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[aria-readonly=true]') : null
      const [line, column] = [cell?.closest<HTMLElement>('[data-line]')?.dataset['line'], cell?.dataset['column']]
      if (event.pointerType === 'touch' || line === undefined || column === undefined) return
      const place = { line: line as TaskId, column: column as Place['column'] }
      cancel = browserClock.after(HOVER_DELAY_MS, () => {
        const row = view.row(place.line as TaskId)
        if (row === null) return
        const decision = isField(place)
          ? rights.field(row.task.id, fieldAt(place.column, language))
          : rights.cell(row.task.id, place.column as never, [])
        const sentence = reason(decision, language, bodies, { lead: row.task.lead, body: column })
        if (sentence !== null) setHovered({ place, sentence })
      })
    }
    const away = (): void => {
      cancel()
      setHovered(null)
    }
    scroller.addEventListener('pointerover', over)
    scroller.addEventListener('pointerleave', away)
    scroller.addEventListener('scroll', away, { passive: true })
    return () => {
      cancel()
      scroller.removeEventListener('pointerover', over)
      scroller.removeEventListener('pointerleave', away)
      scroller.removeEventListener('scroll', away)
    }
  }, [sheet, view, rights, bodies, language])
  return hovered
}
