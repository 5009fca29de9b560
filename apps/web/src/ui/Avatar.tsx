import styles from './Avatar.module.css'
import { classNames } from './classNames.ts'
import { KindMark, type KindScope } from './KindMark.tsx'

const css = classNames(styles)

interface AvatarProps {
  readonly initials: string
  readonly kind: KindScope
  /** Full name for the tooltip and the screen reader. */
  readonly name: string
  readonly small?: boolean
  readonly idle?: boolean
}

export function Avatar({ initials, kind, name, small = false, idle = false }: AvatarProps) {
  return (
    <span
      className={`${css('avatar', small && 'small', idle && 'idle')} k-${kind}`}
      role="img"
      aria-label={name}
      title={name}
    >
      {initials}
      <span className={css('badge')}>
        <KindMark kind={kind} size={small ? 8 : 10} />
      </span>
    </span>
  )
}
