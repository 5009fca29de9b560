import type { TaskStatus } from '@dongbo/model/taskStatus.ts'
import { useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import styles from './StatusMark.module.css'

const css = classNames(styles)

/** A task's state as shown: overdue is derived from the deadline and today, never stored. */
export type ShownStatus = TaskStatus | 'overdue'

const LOOK: Readonly<Record<ShownStatus, 'quiet' | 'doing' | 'waiting' | 'done' | 'late'>> = {
  draft: 'quiet',
  proposed: 'quiet',
  assigned: 'quiet',
  in_progress: 'doing',
  submitted: 'waiting',
  accepted: 'done',
  returned: 'late',
  paused: 'waiting',
  cancelled: 'quiet',
  overdue: 'late',
}

/** A glyph and a word, so that a state is never colour alone. */
export function StatusMark({ status }: { status: ShownStatus }) {
  const t = useText()
  const look = LOOK[status]
  return (
    <span className={css('status', look)}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        {glyph(status, look)}
      </svg>
      <span>{t(`status.${status}`)}</span>
    </span>
  )
}

function glyph(status: ShownStatus, look: (typeof LOOK)[ShownStatus]) {
  if (status === 'paused') return <path d="M3.2 2h2v8h-2zM6.8 2h2v8h-2z" fill="currentColor" />
  if (status === 'cancelled')
    return <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" fill="none" stroke="currentColor" strokeWidth="1.5" />
  switch (look) {
    case 'done':
      return (
        <>
          <circle cx="6" cy="6" r="5.5" fill="currentColor" />
          <path
            d="M3.4 6.2 5.3 8 8.7 4.4"
            fill="none"
            stroke="var(--surface)"
            strokeWidth="1.5"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      )
    case 'late':
      return (
        <>
          <path d="M6 .8 11.6 11H.4z" fill="currentColor" />
          <path d="M6 4.4v3M6 9v.1" stroke="var(--surface)" strokeWidth="1.4" strokeLinecap="round" />
        </>
      )
    case 'doing':
      return (
        <>
          <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M6 6V2.5A3.5 3.5 0 0 1 6 9.5z" fill="currentColor" />
        </>
      )
    case 'waiting':
      return (
        <>
          <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M6 3.6V6l1.7 1" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
        </>
      )
    case 'quiet':
      return <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
  }
}
