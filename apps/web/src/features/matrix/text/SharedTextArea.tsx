import type { TaskId } from '@dongbo/model/ids.ts'
import type { TaskTextField } from '@dongbo/model/matrix/fields.ts'
import { textChange } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { useEffect, useId, useLayoutEffect, useRef, type KeyboardEvent } from 'react'
import { useText } from '#i18n/useText.ts'
import { typeInTask } from '#intents/typeInTask.ts'
import { useLive } from '#session/liveDocument.ts'
import { cursorRecord, people, placedPeers } from '#session/presence.ts'
import { classNames } from '#ui/classNames.ts'
import { sharedText, type TextStep } from '#views/sharedText.ts'
import { useMatrix } from '../MatrixContext.ts'
import { placeAfter, rebase } from './rebase.ts'
import styles from './SharedTextArea.module.css'

const css = classNames(styles)

interface SharedTextAreaProps {
  readonly task: TaskId
  readonly field: TaskTextField
  readonly label: string
  readonly look?: 'field' | 'heading' | 'cell'
  readonly autoFocus?: boolean
  /** Enter, which otherwise begins a new line. */
  readonly onEnter?: () => void
}

/**
 * A text that several people write at once. What is typed is turned into the smallest change and merges by letter; what
 * others type moves in around the caret. While an input method composes a letter the box is left alone, and others'
 * letters come in when it is done.
 */
export function SharedTextArea({
  task,
  field,
  label,
  look = 'field',
  autoFocus = false,
  onEnter,
}: SharedTextAreaProps) {
  const { live, writer } = useMatrix()
  const id = useId()
  const box = useRef<HTMLTextAreaElement>(null)

  useLayoutEffect(() => {
    const area = box.current
    const text = sharedText(writer.matrix, task, field)
    if (area === null || text === null) return
    /** The text as the box last showed it, before anything typed since. */
    let shown = text.read()
    /** What others did since then, while a letter was being composed. */
    let missed: (readonly TextStep[])[] = []
    let composing = false
    let typing = false

    const show = (value: string, from: number, to: number): void => {
      const focused = document.activeElement === area
      shown = value
      if (area.value !== value) area.value = value
      if (focused) area.setSelectionRange(from, to)
      fit(area)
    }
    const flush = (): void => {
      const change = textChange(shown, area.value, area.selectionEnd)
      if (change === null) return
      const rebased = missed.reduce(rebase, change)
      missed = []
      typing = true
      typeInTask(writer, task, field, rebased)
      typing = false
      const caret = rebased.index + rebased.insert.normalize('NFC').length
      show(text.read(), caret, caret)
    }
    const onRemote = (steps: readonly TextStep[]): void => {
      if (typing) return
      if (composing) {
        missed.push(steps)
        return
      }
      const { selectionStart, selectionEnd } = area
      show(text.read(), placeAfter(selectionStart, steps), placeAfter(selectionEnd, steps))
    }
    const onInput = (event: Event): void => {
      if (!composing && !(event as InputEvent).isComposing) flush()
    }
    const onStart = (): void => {
      composing = true
    }
    const onEnd = (): void => {
      composing = false
      flush()
      if (missed.length > 0) {
        // Nothing was typed after all: only what others did is left to show.
        const caret = missed.reduce((place, steps) => placeAfter(place, steps), area.selectionEnd)
        missed = []
        show(text.read(), caret, caret)
      }
    }
    // The browser's own history of the box knows nothing of others' letters: undoing goes through the document.
    const onBeforeInput = (event: InputEvent): void => {
      if (event.inputType !== 'historyUndo' && event.inputType !== 'historyRedo') return
      event.preventDefault()
      if (event.inputType === 'historyUndo') live.view.undo.undo()
      else live.view.undo.redo()
    }
    area.value = shown
    fit(area)
    const stop = text.observe(onRemote)
    area.addEventListener('input', onInput)
    area.addEventListener('beforeinput', onBeforeInput)
    area.addEventListener('compositionstart', onStart)
    area.addEventListener('compositionend', onEnd)
    return () => {
      stop()
      area.removeEventListener('input', onInput)
      area.removeEventListener('beforeinput', onBeforeInput)
      area.removeEventListener('compositionstart', onStart)
      area.removeEventListener('compositionend', onEnd)
    }
  }, [live, writer, task, field])

  useEffect(() => {
    if (!autoFocus) return
    box.current?.focus()
    box.current?.setSelectionRange(box.current.value.length, box.current.value.length)
  }, [autoFocus])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    const { code } = event.nativeEvent
    if ((event.ctrlKey || event.metaKey) && (code === 'KeyZ' || code === 'KeyY')) {
      event.preventDefault()
      event.stopPropagation()
      if (code === 'KeyY' || event.shiftKey) live.view.undo.redo()
      else live.view.undo.undo()
    } else if (event.key === 'Enter' && onEnter !== undefined) {
      event.preventDefault()
      onEnter()
    }
  }
  return (
    <div className={css('wrap', look !== 'field' && look)}>
      {look === 'field' ? <label htmlFor={id}>{label}</label> : null}
      <textarea
        ref={box}
        id={id}
        rows={1}
        aria-label={look === 'field' ? undefined : label}
        spellCheck={false}
        onKeyDown={onKeyDown}
        onFocus={() => live.setCursor(cursorRecord({ task, column: columnOf(field), typing: field }))}
        onBlur={() => live.setCursor(cursorRecord({ task, column: columnOf(field), typing: null }))}
      />
      <Typing task={task} field={field} />
    </div>
  )
}

/** Who else is typing in this very text. */
function Typing({ task, field }: { task: TaskId; field: TaskTextField }) {
  const t = useText()
  const { live, me } = useMatrix()
  const others = people(useLive(live, (view) => view.peers)).filter((peer) => peer.personId !== me.person.id)
  const here = placedPeers(others).filter(({ cursor }) => cursor.task === task && cursor.typing === field)
  if (here.length === 0) return null
  return (
    <p className={css('typing')}>
      {here.map(({ peer }) => (
        <span key={peer.id}>{t('drawer.typing', { name: peer.name })}</span>
      ))}
    </p>
  )
}

function columnOf(field: TaskTextField): string {
  return field.startsWith('product') ? 'product' : 'title'
}

function fit(area: HTMLTextAreaElement): void {
  area.style.height = 'auto'
  area.style.height = `${area.scrollHeight}px`
}
