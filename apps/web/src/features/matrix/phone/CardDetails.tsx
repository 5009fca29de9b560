import { COLUMN_KINDS, columnKind } from '@dongbo/model/body.ts'
import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import { PARTICIPATION_ROLES, ROLES } from '@dongbo/model/role.ts'
import { useEffect, useRef } from 'react'
import { fullName, shortName } from '#features/body/bodyName.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import { KindMark } from '#ui/KindMark.tsx'
import { useMatrix, useRow } from '../MatrixContext.ts'
import { useMatrixState } from '../matrixState.ts'
import { ProposalList } from '../proposals/ProposalList.tsx'
import { RoleChip } from '../RoleChip.tsx'
import type { Acts } from '../useActs.ts'
import { reason } from '../words.ts'
import styles from './CardList.module.css'

const css = classNames(styles)

/** An opened card: my body's roles as large buttons, then everybody's roles by kind. */
export function CardDetails({ id, acts }: { id: TaskId; acts: Acts }) {
  const t = useText()
  const language = useLanguage()
  const { me, bodies, rights } = useMatrix()
  const row = useRow(id)
  const told = useMatrixState((state) => (state.told?.place.line === id ? state.told.sentence : null))
  const picked = useRef<HTMLDivElement>(null)
  const bodyId = me.body.id as BodyId
  useEffect(() => {
    picked.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  if (row === null) return null
  const held = row.roles.get(bodyId) ?? []
  const offered = ROLES.filter((role) => held.includes(role) || PARTICIPATION_ROLES.some((one) => one === role))
  return (
    <div ref={picked} className={css('details')}>
      <p className={css('label')}>{t('drawer.myRole', { body: shortName(me.body, language) })}</p>
      <div className={css('pad')} role="group" aria-label={t('drawer.myRole', { body: shortName(me.body, language) })}>
        {offered.map((role) => {
          const why = reason(rights.role(id, bodyId, role), language, bodies, { lead: row.task.lead, body: bodyId })
          const on = held.includes(role)
          return (
            <button
              key={role}
              type="button"
              aria-pressed={on}
              aria-disabled={why !== null}
              title={why ?? undefined}
              onClick={() => {
                if (on && why === null) acts.give(id, bodyId, role, true)
                else acts.give(id, bodyId, role, false)
              }}
            >
              <RoleChip role={role} />
              {t(`role.${role}`)}
            </button>
          )
        })}
      </div>
      {told === null ? null : (
        <p className={css('told')} role="alert">
          {told}
        </p>
      )}
      <ProposalList row={row} />
      <ul className={css('kinds')}>
        {COLUMN_KINDS.map((kind) => {
          const own = [...row.roles].filter(([body]) => {
            const known = bodies.get(body)
            return known !== undefined && columnKind(known) === kind
          })
          if (own.length === 0) return null
          return (
            <li key={kind} className={`k-${kind}`}>
              <span className={css('kindName')}>
                <KindMark kind={kind} />
                {t(`kind.${kind}`)}
              </span>
              <ul>
                {own.map(([body, roles]) => {
                  const known = bodies.get(body)
                  return (
                    <li key={body} className={css('holder')}>
                      <span>
                        {roles.map((role) => (
                          <RoleChip key={role} role={role} />
                        ))}
                      </span>
                      {known === undefined ? body : fullName(known, language)}
                    </li>
                  )
                })}
              </ul>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
