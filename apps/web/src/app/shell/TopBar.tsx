import type { Me } from '@dongbo/api/routes/me.ts'
import type { PlanView } from '@dongbo/api/routes/plan.ts'
import { columnKind } from '@dongbo/model/body.ts'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { fullName, shortName } from '#features/body/bodyName.ts'
import { initials } from '#features/body/initials.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { useLive, type LiveDocument } from '#session/liveDocument.ts'
import { setPreferences, usePreferences } from '#session/preferences.ts'
import { people } from '#session/presence.ts'
import { signOut } from '#session/signIn.ts'
import { Avatar } from '#ui/Avatar.tsx'
import { classNames } from '#ui/classNames.ts'
import { Icon } from '#ui/Icon.tsx'
import { Menu, MenuItem, MenuSection } from '#ui/Menu.tsx'
import styles from './Shell.module.css'
import { SignOutDialog } from './SignOutDialog.tsx'

const css = classNames(styles)
const MOST_AVATARS = 4

interface TopBarProps {
  readonly me: Me
  readonly plan: PlanView
  readonly live: LiveDocument | null
  readonly onSearch: () => void
}

export function TopBar({ me, plan, live, onSearch }: TopBarProps) {
  const t = useText()
  const language = useLanguage()
  return (
    <header className={css('topbar')}>
      <span className={css('plan')}>{language === 'en' ? plan.titleEn : plan.titleVi}</span>
      <span className={css('version')}>
        <b>{t('plan.working')}</b> · {t(`plan.status.${plan.status}`)}
      </span>
      <span className={css('spring')} />
      <button type="button" className={css('search')} onClick={onSearch}>
        <Icon name="search" />
        <span>{t('search.open')}</span>
        <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      {live === null ? null : <People live={live} plan={plan} myId={me.person.id} />}
      <span className={css('divider')} />
      <MeMenu me={me} role={plan.role} live={live} />
    </header>
  )
}

/** Who else has this open: one avatar a person, coloured and shaped by the kind of his body. */
function People({ live, plan, myId }: { live: LiveDocument; plan: PlanView; myId: string }) {
  const t = useText()
  const language = useLanguage()
  const others = people(useLive(live, (view) => view.peers)).filter((peer) => peer.personId !== myId)
  if (others.length === 0) return null
  return (
    <div className={css('stack')} role="group" aria-label={t('people.list')}>
      {others.slice(0, MOST_AVATARS).map((peer) => {
        const body = plan.bodies.find((one) => one.id === peer.bodyId)
        if (body === undefined) return null
        return (
          <Avatar
            key={peer.personId}
            initials={initials(body.nameVi)}
            kind={columnKind(body)}
            name={t('people.name', { name: peer.name, body: shortName(body, language) })}
          />
        )
      })}
      {others.length > MOST_AVATARS ? (
        <span className={css('more')}>{t('people.more', { count: others.length - MOST_AVATARS })}</span>
      ) : null}
    </div>
  )
}

function MeMenu({ me, role, live }: { me: Me; role: PlanView['role']; live: LiveDocument | null }) {
  const t = useText()
  const language = useLanguage()
  const router = useRouter()
  const theme = usePreferences((state) => state.theme)
  const density = usePreferences((state) => state.density)
  const [unsent, setUnsent] = useState(0)
  const { displayName } = me.person

  const ask = (): void => {
    const save = live?.view.save
    const waiting = save !== undefined && 'waiting' in save ? save.waiting : 0
    if (waiting > 0) setUnsent(waiting)
    else void leave()
  }
  const leave = async (): Promise<void> => {
    await signOut()
    router.history.push('/sign-in?because=signed-out')
  }
  return (
    <>
      {unsent > 0 ? <SignOutDialog unsent={unsent} onStay={() => setUnsent(0)} onLeave={() => void leave()} /> : null}
      <Menu
        label={t('me.menu')}
        trigger={
          <span className={css('me')}>
            <Avatar initials={initials(me.body.nameVi)} kind={columnKind(me.body)} name={displayName} />
            <div>
              <b>{displayName}</b>
              <small>{role === 'member' ? shortName(me.body, language) : t(`plan.role.${role}`)}</small>
            </div>
            <Icon name="down" size={12} />
          </span>
        }
      >
        {(close) => (
          <>
            <MenuSection title={fullName(me.body, language)}>
              <MenuItem onSelect={ask}>{t('me.signOut')}</MenuItem>
            </MenuSection>
            <MenuSection title={t('me.language')}>
              {(['vi', 'en'] as const).map((one) => (
                <MenuItem
                  key={one}
                  checked={language === one}
                  onSelect={() => {
                    setPreferences({ language: one })
                    close()
                  }}
                >
                  <span lang={one}>{one === 'vi' ? 'Tiếng Việt' : 'English'}</span>
                </MenuItem>
              ))}
            </MenuSection>
            <MenuSection title={t('me.theme')}>
              {(['system', 'light', 'dark'] as const).map((one) => (
                <MenuItem
                  key={one}
                  checked={theme === one}
                  onSelect={() => {
                    setPreferences({ theme: one })
                    close()
                  }}
                >
                  {t(`me.theme.${one}`)}
                </MenuItem>
              ))}
            </MenuSection>
            <MenuSection title={t('me.density')}>
              {(['airy', 'compact'] as const).map((one) => (
                <MenuItem
                  key={one}
                  checked={density === one}
                  onSelect={() => {
                    setPreferences({ density: one })
                    close()
                  }}
                >
                  {t(`me.density.${one}`)}
                </MenuItem>
              ))}
            </MenuSection>
          </>
        )}
      </Menu>
    </>
  )
}
