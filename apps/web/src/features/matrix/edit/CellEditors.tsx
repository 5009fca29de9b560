import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import { useEffect, useState, type RefObject } from 'react'
import { shortName } from '#features/body/bodyName.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { moveStatus } from '#intents/moveStatus.ts'
import { setField } from '#intents/setField.ts'
import { browserClock } from '#session/clock.ts'
import { classNames } from '#ui/classNames.ts'
import { useMatrix, useRow } from '../MatrixContext.ts'
import { goTo, useMatrixState, type Place } from '../matrixState.ts'
import { StatusMark } from '../StatusMark.tsx'
import { SharedTextArea } from '../text/SharedTextArea.tsx'
import { fieldAt, isField, textFieldAt, type Acts, type FieldPlace } from '../useActs.ts'
import { reason, roleNames } from '../words.ts'
import { CellPopover, leave } from './CellPopover.tsx'
import styles from './CellPopover.module.css'
import { DateField } from './DateField.tsx'
import { CellTip } from './CellTip.tsx'
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
  const hovered = useHoveredCell(sheet)
  if (open !== null) {
    const key = `${open.line} ${open.column}`
    return isField(open) ? (
      <FieldEditor key={key} sheet={sheet} place={open} />
    ) : (
      <RolePicker key={key} sheet={sheet} place={open} acts={acts} />
    )
  }
  if (told !== null) return <CellTip sheet={sheet} place={told.place} holds={null} sentence={told.sentence} announce />
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
  const { live, writer, rights, view } = useMatrix()
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

/** The cell under a resting pointer: what it holds in words and, when it is locked, who may write there. */
function useHoveredCell(sheet: RefObject<HTMLDivElement | null>): Hovered | null {
  const { view, rights, bodies } = useMatrix()
  const language = useLanguage()
  const [hovered, setHovered] = useState<Hovered | null>(null)
  useEffect(() => {
    const scroller = sheet.current
    if (scroller === null) return
    let cancel = (): void => undefined
    const over = (event: PointerEvent): void => {
      cancel()
      setHovered(null)
      const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-column]') : null
      const [line, column] = [cell?.closest<HTMLElement>('[data-line]')?.dataset['line'], cell?.dataset['column']]
      if (event.pointerType === 'touch' || line === undefined || column === undefined) return
      const place = { line: line as TaskId, column: column as Place['column'] }
      cancel = browserClock.after(HOVER_DELAY_MS, () => {
        const row = view.row(place.line as TaskId)
        if (row === null) return
        const roles = isField(place) ? [] : (row.roles.get(place.column as BodyId) ?? [])
        const decision = isField(place)
          ? rights.field(row.task.id, fieldAt(place.column, language))
          : rights.cell(row.task.id, place.column as BodyId, roles)
        const sentence = reason(decision, language, bodies, { lead: row.task.lead, body: column })
        const body = bodies.get(column)
        const holds =
          roles.length === 0 || body === undefined ? null : `${shortName(body, language)}: ${roleNames(roles)}`
        if (sentence !== null || holds !== null) setHovered({ place, sentence, holds })
      })
    }
    const away = (): void => {
      cancel()
      setHovered(null)
    }
    scroller.addEventListener('pointerover', over)
    scroller.addEventListener('pointerleave', away)
    scroller.addEventListener('pointerdown', away)
    scroller.addEventListener('scroll', away, { passive: true })
    return () => {
      cancel()
      scroller.removeEventListener('pointerover', over)
      scroller.removeEventListener('pointerleave', away)
      scroller.removeEventListener('pointerdown', away)
      scroller.removeEventListener('scroll', away)
    }
  }, [sheet, view, rights, bodies, language])
  return hovered
}

interface Hovered {
  readonly place: Place
  readonly sentence: string | null
  readonly holds: string | null
}
