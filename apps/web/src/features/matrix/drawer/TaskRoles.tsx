import { columnKind } from '@dongbo/model/body.ts'
import type { BodyId } from '@dongbo/model/ids.ts'
import { ROLES } from '@dongbo/model/role.ts'
import { fullName } from '#features/body/bodyName.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import { KindMark } from '#ui/KindMark.tsx'
import type { Row } from '#views/matrixView.ts'
import { useMatrix } from '../MatrixContext.ts'
import { goTo } from '../matrixState.ts'
import { RoleChip } from '../RoleChip.tsx'
import styles from './TaskDrawer.module.css'

const css = classNames(styles)

/** Who has which role, role by role from the strongest; every body leads to its cell. */
export function TaskRoles({ row }: { row: Row }) {
  const t = useText()
  const language = useLanguage()
  const { bodies, me } = useMatrix()
  const byRole = ROLES.map((role) => ({
    role,
    held: [...row.roles].flatMap(([id, roles]) => (roles.includes(role) ? [id] : [])),
  })).filter(({ held }) => held.length > 0)
  return (
    <section className={css('roles')}>
      <h3>{t('drawer.roles')}</h3>
      {byRole.length === 0 ? <p className={css('quiet')}>{t('drawer.noRoles')}</p> : null}
      {row.task.lead === null && byRole.length > 0 ? <p className={css('late')}>{t('drawer.noLead')}</p> : null}
      {byRole.map(({ role, held }) => (
        <div key={role} className={css('role')}>
          <RoleChip role={role} />
          <div>
            <b>{t(`role.${role}`)}</b>
            <ul>
              {held.map((id: BodyId) => {
                const body = bodies.get(id)
                return body === undefined ? null : (
                  <li key={id}>
                    <button
                      type="button"
                      className={css(id === me.body.id && 'own')}
                      onClick={() => goTo({ line: row.task.id, column: id })}
                    >
                      <KindMark kind={columnKind(body)} size={10} />
                      {fullName(body, language)}
                    </button>
                  </li>
                )
              })}
            </ul>
          </div>
        </div>
      ))}
    </section>
  )
}
