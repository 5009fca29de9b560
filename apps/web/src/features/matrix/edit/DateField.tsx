import type { PlainDate } from '@dongbo/model/plainDate.ts'
import { parsePlainDate } from '@dongbo/model/plainDate.ts'
import { useId, useRef, useState } from 'react'
import { useLanguage, useText } from '#i18n/useText.ts'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import { FieldNote } from '#ui/Field.tsx'
import { isWeekend, longDate, readDate, weekdayName } from '../dates.ts'
import { useMatrix } from '../MatrixContext.ts'
import styles from './DateField.module.css'

const css = classNames(styles)

interface DateFieldProps {
  readonly label: string
  readonly value: PlainDate | null
  readonly autoFocus?: boolean
  readonly onChange: (date: PlainDate | null) => void
  /** After Enter, with a date that could be read. */
  readonly onDone?: () => void
}

/** A date as people type it (22/10, 22/10/2026) or pick it; warns of days on which nobody works. */
export function DateField({ label, value, autoFocus = false, onChange, onDone }: DateFieldProps) {
  const t = useText()
  const language = useLanguage()
  const { planYear, daysOff } = useMatrix()
  const id = useId()
  const picker = useRef<HTMLInputElement>(null)
  const [draft, setDraft] = useState<string | null>(null)
  const read = draft === null ? value : readDate(draft, planYear)
  const wrong = draft !== null && draft.trim() !== '' && read === null

  const commit = (): boolean => {
    if (wrong) return false
    if (draft !== null && read !== value) onChange(read)
    setDraft(null)
    return true
  }
  const holiday = read === null ? undefined : daysOff.get(read)
  const hint =
    read === null ? undefined : holiday !== undefined ? (
      <b>{t('date.dayOff', { name: language === 'en' ? holiday.nameEn : holiday.nameVi })}</b>
    ) : isWeekend(read) ? (
      <b>{t('date.weekend', { weekday: weekdayName(read, language) })}</b>
    ) : (
      longDate(read, language)
    )
  return (
    <div className={css('date')}>
      <label htmlFor={id}>{label}</label>
      <div className={css('row')}>
        <input
          id={id}
          inputMode="numeric"
          placeholder={t('date.placeholder')}
          autoComplete="off"
          autoFocus={autoFocus}
          aria-invalid={wrong || undefined}
          aria-describedby={`${id}-note`}
          value={draft ?? (value === null ? '' : typed(value))}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && commit()) onDone?.()
          }}
        />
        <Button look="ghost" icon="calendar" aria-label={t('date.pick')} onClick={() => picker.current?.showPicker()} />
        <input
          ref={picker}
          type="date"
          tabIndex={-1}
          aria-hidden="true"
          className={css('picker')}
          value={value ?? ''}
          onChange={(event) => {
            setDraft(null)
            onChange(parsePlainDate(event.target.value))
          }}
        />
      </div>
      <FieldNote id={`${id}-note`} error={wrong ? t('date.wrong') : undefined} hint={hint} />
    </div>
  )
}

function typed(date: PlainDate): string {
  const [year, month, day] = date.split('-')
  return `${Number(day)}/${Number(month)}/${year}`
}
