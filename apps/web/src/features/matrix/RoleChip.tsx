import type { Role } from '@dongbo/model/role.ts'
import { memo } from 'react'
import { classNames } from '#ui/classNames.ts'
import styles from './RoleChip.module.css'

const css = classNames(styles)

/** What is printed on the chip: one letter for an everyday role, two for a rarer one; the same in every language. */
const ROLE_LETTERS: Readonly<Record<Role, string>> = {
  lead: 'C',
  coordinate: 'P',
  approve: 'D',
  inform: 'B',
  appraise: 'TĐ',
  direct: 'CĐ',
  advise: 'TM',
  supply: 'CC',
  monitor: 'ĐĐ',
  report: 'BC',
}

/** Silhouettes of the two-letter chips on 24 × 20; the others are made by CSS. */
const SILHOUETTES: Partial<Record<Role, string>> = {
  appraise: 'M12-1.2 23.4 10 12 21.2.6 10z',
  direct: 'M2.5 3.5 12 .8l9.5 2.7V19H2.5z',
  advise: 'M7 1.5h10a8.5 8.5 0 0 1 0 17H2.2V10A8.5 8.5 0 0 1 7 1.5z',
  supply: 'M2.5 2.5h14L22.5 10l-6 7.5h-14z',
  monitor: 'M.8 10C4 4.2 7.8 2 12 2s8 2.2 11.2 8c-3.2 5.8-7 8-11.2 8S4 15.8.8 10z',
  report: 'M2.5 1.5h14l5 5v12h-19z',
}

/**
 * One role as colour, shape and letters (drawn by CSS: they are part of the shape, not text). Decorative: the role is
 * also said in words where it stands.
 */
export const RoleChip = memo(function RoleChip({ role, large = false }: { role: Role; large?: boolean }) {
  const silhouette = SILHOUETTES[role]
  return (
    <span
      className={css('chip', role, silhouette !== undefined && 'wide', large && 'large')}
      data-letters={ROLE_LETTERS[role]}
      aria-hidden="true"
    >
      {silhouette === undefined ? null : (
        <svg viewBox="0 0 24 20">
          <path d={silhouette} />
        </svg>
      )}
    </span>
  )
})
