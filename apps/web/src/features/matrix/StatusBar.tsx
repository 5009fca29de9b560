import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import { ROLES } from '@dongbo/model/role.ts'
import { useSyncExternalStore } from 'react'
import { shortName } from '#features/body/bodyName.ts'
import { SaveLine } from '#features/saving/SaveLine.tsx'
import { useLanguage, useText } from '#i18n/useText.ts'
import { useLive } from '#session/liveDocument.ts'
import { people } from '#session/presence.ts'
import { setPreferences, usePreferences } from '#session/preferences.ts'
import { classNames } from '#ui/classNames.ts'
import { Icon } from '#ui/Icon.tsx'
import { Menu, MenuItem } from '#ui/Menu.tsx'
import type { MatrixDialog } from './MatrixDialogs.tsx'
import { useMatrix, useTotals } from './MatrixContext.ts'
import { useMatrixState } from './matrixState.ts'
import { RoleChip } from './RoleChip.tsx'
import styles from './MatrixScreen.module.css'
import { fieldAt, isField } from './useActs.ts'
import { reason } from './words.ts'

const css = classNames(styles)
const MOST_SHOWN_ROLES = 4

/** What the server has confirmed, which cell I stand in and may I write there, how much there is, who is here. */
export function StatusBar({ onDialog }: { onDialog: (dialog: MatrixDialog) => void }) {
  const t = useText()
  const { live } = useMatrix()
  const density = usePreferences((state) => state.density)
  const { byRole } = useTotals()
  const commonest = ROLES.toSorted((a, b) => (byRole.get(b) ?? 0) - (byRole.get(a) ?? 0)).slice(0, MOST_SHOWN_ROLES)
  return (
    <footer className={css('statusbar')}>
      <SaveLine
        live={live}
        onShowQueue={() => onDialog('queue')}
        onShowRefused={() => onDialog('refused')}
        onSignInAgain={() => onDialog('sign-in')}
      />
      <span className={css('separator')} />
      <CurrentCell />
      <span className={css('spring')} />
      <span className={css('roleCounts')}>
        {ROLES.filter((role) => commonest.includes(role)).map((role) => (
          <span key={role} title={t(`role.${role}`)}>
            <RoleChip role={role} />
            <span className="visually-hidden">{t(`role.${role}`)}</span> {byRole.get(role) ?? 0}
          </span>
        ))}
      </span>
      <span className={css('separator', 'wideOnly')} />
      <Here />
      <span className={css('separator', 'wideOnly')} />
      <Menu
        upwards
        label={t('me.density')}
        trigger={
          <span className={css('menuLabel', 'small')}>
            {t(`me.density.${density}`)}
            <Icon name="down" size={12} />
          </span>
        }
      >
        {(close) =>
          (['airy', 'compact'] as const).map((one) => (
            <MenuItem
              key={one}
              checked={one === density}
              onSelect={() => {
                setPreferences({ density: one })
                close()
              }}
            >
              {t(`me.density.${one}`)}
            </MenuItem>
          ))
        }
      </Menu>
    </footer>
  )
}

function CurrentCell() {
  const t = useText()
  const language = useLanguage()
  const { view, rights, bodies } = useMatrix()
  const place = useMatrixState((state) => state.place)
  const row = useSyncExternalStore(
    (changed) => (place === null ? () => undefined : view.subscribe(`row:${place.line as TaskId}`, changed)),
    () => (place === null ? null : view.row(place.line as TaskId)),
  )
  if (place === null || row === null) return null
  const { task } = row
  const about = { lead: task.lead, body: place.column }
  const decision = isField(place)
    ? rights.field(task.id, fieldAt(place.column, language))
    : rights.cell(task.id, place.column as BodyId, row.roles.get(place.column as BodyId) ?? [])
  const body = bodies.get(place.column)
  const where = isField(place) ? t(`matrix.col.${place.column}`) : body === undefined ? '' : shortName(body, language)
  return (
    <span className={css('cellLine')}>
      {t('matrix.cell.position', { body: where, code: task.code })} ·{' '}
      {reason(decision, language, bodies, about) ?? t('matrix.cell.youMay')}
    </span>
  )
}

function Here() {
  const t = useText()
  const { live, me } = useMatrix()
  const here = people(useLive(live, (view) => view.peers))
  const others = here.filter((peer) => peer.personId !== me.person.id)
  const bodies = new Set([me.body.id, ...others.map((peer) => peer.bodyId)])
  return <span className={css('wideOnly')}>{t('people.here', { people: others.length + 1, bodies: bodies.size })}</span>
}
