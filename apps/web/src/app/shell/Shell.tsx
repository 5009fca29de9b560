import type { Me } from '@dongbo/api/routes/me.ts'
import type { PlanView } from '@dongbo/api/routes/plan.ts'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '#i18n/useText.ts'
import type { LiveDocument } from '#session/liveDocument.ts'
import { classNames } from '#ui/classNames.ts'
import { Icon } from '#ui/Icon.tsx'
import { Mark } from '#ui/Mark.tsx'
import styles from './Shell.module.css'
import { TopBar } from './TopBar.tsx'

const css = classNames(styles)

interface ShellProps {
  readonly me: Me
  readonly plan: PlanView
  readonly live: LiveDocument | null
  readonly onSearch: () => void
  readonly onShortcuts: () => void
  readonly children: ReactNode
}

/** The frame around every room: rail at the left, bar on top, the room in the rest. Only the room scrolls. */
export function Shell({ me, plan, live, onSearch, onShortcuts, children }: ShellProps) {
  const t = useText()
  return (
    <div className={css('shell')}>
      <nav className={css('rail')} aria-label={t('app.main')}>
        <div className={css('mark')}>
          <Mark size={34} />
        </div>
        <Link to="/plans/$planId/matrix" params={{ planId: plan.id }} aria-current="page">
          <Icon name="grid" size={20} />
          <span>{t('rail.matrix')}</span>
        </Link>
        <span className={css('spring')} />
        <button type="button" onClick={onShortcuts}>
          <Icon name="key" size={20} />
          <span>{t('rail.shortcuts')}</span>
        </button>
      </nav>
      <TopBar me={me} plan={plan} live={live} onSearch={onSearch} />
      <div className={css('room')}>
        {me.demo ? <aside className={css('demo')}>{t('app.demo')}</aside> : null}
        {children}
      </div>
    </div>
  )
}
