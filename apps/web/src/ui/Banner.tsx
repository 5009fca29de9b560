import type { ReactNode } from 'react'
import styles from './Banner.module.css'
import { classNames } from './classNames.ts'
import { Icon, type IconName } from './Icon.tsx'

const css = classNames(styles)

const ICON: Readonly<Record<'warning' | 'error' | 'info', IconName>> = {
  warning: 'offline',
  error: 'warning',
  info: 'info',
}

interface BannerProps {
  readonly tone: 'warning' | 'error' | 'info'
  readonly title?: string
  readonly children: ReactNode
  readonly actions?: ReactNode
  /** Errors that appear after an act are announced at once. */
  readonly announce?: boolean
}

export function Banner({ tone, title, children, actions, announce = false }: BannerProps) {
  return (
    <div className={css('banner', tone)} role={announce ? 'alert' : undefined}>
      <Icon name={ICON[tone]} />
      <div className={css('words')}>
        {title === undefined ? null : <b>{title}</b>}
        <div>{children}</div>
      </div>
      {actions === undefined ? null : <div className={css('actions')}>{actions}</div>}
    </div>
  )
}
