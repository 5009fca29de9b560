import type { Role } from '@dongbo/model/role.ts'
import { memo } from 'react'
import { text } from '#i18n/catalogue.ts'
import { classNames } from '#ui/classNames.ts'
import type { Column } from '../columns.ts'
import { RoleChip } from '../RoleChip.tsx'
import { roleNames, withProposals } from '../words.ts'
import styles from './Sheet.module.css'

const css = classNames(styles)

interface RoleCellProps {
  readonly column: Column
  /** Number of this column in the whole row, from 1, as the accessible grid counts. */
  readonly ariaColumn: number
  readonly left: number
  readonly code: string
  readonly roles: readonly Role[] | undefined
  /** How many open proposals are about this cell. */
  readonly proposed: number
  readonly writable: boolean
  readonly current: boolean
  /** Grows when somebody else changes this cell: the tint then flashes once. */
  readonly flash: number
  readonly large: boolean
}

const NONE: readonly Role[] = []

export const RoleCell = memo(function RoleCell(props: RoleCellProps) {
  const { column, roles = NONE, proposed, writable, current, flash } = props
  const [strongest] = roles
  const names = roleNames(roles)
  return (
    <div
      role="gridcell"
      aria-colindex={props.ariaColumn}
      aria-selected={current || undefined}
      aria-readonly={!writable || undefined}
      aria-label={text('matrix.cell.label', {
        body: column.name,
        code: props.code,
        roles: withProposals(names, proposed),
        paper: text(writable ? 'matrix.cell.writable' : 'matrix.cell.locked'),
      })}
      tabIndex={current ? 0 : undefined}
      data-column={column.id}
      className={css(
        'cell',
        writable ? 'write' : 'read',
        column.lastOfKind && 'lastOfKind',
        column.mine && 'mine',
        current && 'current',
      )}
      style={{ left: props.left }}
    >
      {strongest === undefined ? null : <RoleChip role={strongest} large={props.large} />}
      {roles.length > 1 ? <i className={css('more')} title={names} /> : null}
      {proposed > 0 ? <i className={css('proposed')} /> : null}
      {flash > 0 ? <i key={flash} className={css('flash')} /> : null}
    </div>
  )
})
