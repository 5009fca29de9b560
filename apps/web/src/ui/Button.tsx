import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import styles from './Button.module.css'
import { classNames } from './classNames.ts'
import { Icon, type IconName } from './Icon.tsx'

const css = classNames(styles)

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'disabled'> {
  readonly look?: 'primary' | 'plain' | 'ghost'
  readonly icon?: IconName
  readonly big?: boolean
  /** Why it cannot be used now. It stays focusable and says so, instead of disappearing from the keyboard's way. */
  readonly lockedBecause?: string | undefined
  readonly ref?: Ref<HTMLButtonElement>
  readonly children?: ReactNode
}

export function Button({
  look = 'plain',
  icon,
  big = false,
  lockedBecause,
  children,
  onClick,
  type,
  ...rest
}: ButtonProps) {
  const locked = lockedBecause !== undefined
  return (
    <button
      {...rest}
      type={type ?? 'button'}
      className={css('button', look, big && 'big', children === undefined && 'square', locked && 'locked')}
      aria-disabled={locked || undefined}
      title={lockedBecause ?? rest.title}
      onClick={locked ? (event) => event.preventDefault() : onClick}
    >
      {locked ? <Icon name="lock" /> : icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  )
}
