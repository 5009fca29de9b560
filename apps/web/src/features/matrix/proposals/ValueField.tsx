import type { ProposalPlace } from '@dongbo/model/matrix/proposals/place.ts'
import type { PlainDate } from '@dongbo/model/plainDate.ts'
import { isCellRole, ROLES } from '@dongbo/model/role.ts'
import { TASK_TRANSITIONS } from '@dongbo/model/taskStatus.ts'
import { useId } from 'react'
import { useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import type { Row } from '#views/matrixView.ts'
import { DateField } from '../edit/DateField.tsx'
import styles from './Proposals.module.css'

const css = classNames(styles)

interface ValueFieldProps {
  readonly row: Row
  readonly place: ProposalPlace
  /** Undefined until something is typed: then what stands there is shown. */
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}

/** How a person says what should stand at a place: a text, a date, a state, a percentage, one role. */
export function ValueField({ row: { task, roles }, place, value, onChange }: ValueFieldProps) {
  const t = useText()
  const id = useId()
  if (place.on === 'cell') {
    const [held] = roles.get(place.body) ?? []
    return (
      <>
        <label htmlFor={id}>{t('proposal.value')}</label>
        <select id={id} value={String(value ?? held ?? '')} onChange={(event) => onChange(event.target.value)}>
          <option value="">{t('matrix.cell.empty')}</option>
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
        </select>
      </>
    )
  }
  const shown = value === undefined ? task[place.field] : value
  if (place.on === 'text') {
    return (
      <>
        <label htmlFor={id}>{t('proposal.value')}</label>
        <textarea
          id={id}
          rows={4}
          className={css('textarea')}
          value={String(shown)}
          onChange={(event) => onChange(event.target.value)}
        />
      </>
    )
  }
  if (place.field === 'status') {
    const steps = TASK_TRANSITIONS.filter(({ from }) => from === task.status).map(({ to }) => to)
    return (
      <>
        <label htmlFor={id}>{t('proposal.value')}</label>
        <select id={id} value={String(shown)} onChange={(event) => onChange(event.target.value)}>
          {[task.status, ...new Set(steps)].map((status) => (
            <option key={status} value={status}>
              {t(`status.${status}`)}
            </option>
          ))}
        </select>
      </>
    )
  }
  if (place.field === 'progressPct') {
    return (
      <>
        <label htmlFor={id}>{t('proposal.value')}</label>
        <input
          id={id}
          type="number"
          min={0}
          max={100}
          step={5}
          value={String(shown)}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
      </>
    )
  }
  return <DateField label={t('proposal.value')} value={shown as PlainDate | null} onChange={onChange} />
}

/** The place and the value that this says; null when nothing was said yet. A lead is a value of the task. */
export function askedFor(
  place: ProposalPlace,
  value: unknown,
): { readonly place: ProposalPlace; readonly value: unknown } | null {
  if (value === undefined) return null
  if (place.on !== 'cell') return { place, value }
  if (value === 'lead') return { place: { on: 'value', task: place.task, field: 'lead' }, value: place.body }
  return { place, value: isCellRole(value) ? [value] : [] }
}
