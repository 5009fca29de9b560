import type { RefObject } from 'react'
import { createPortal } from 'react-dom'
import { classNames } from '#ui/classNames.ts'
import { Icon } from '#ui/Icon.tsx'
import type { Place } from '../matrixState.ts'
import styles from './CellPopover.module.css'
import { useAnchor } from './useAnchor.ts'

const css = classNames(styles)
const WIDTH_PX = 340

interface CellTipProps {
  readonly sheet: RefObject<HTMLDivElement | null>
  readonly place: Place
  /** The roles in it and what is proposed there, in words. */
  readonly holds: string | null
  /** Who may write there; null when I may. */
  readonly sentence: string | null
  /** Said aloud when the cell was just tried, not when the pointer merely rests on it. */
  readonly announce: boolean
}

/** Beside a cell: what it holds and who may write there. */
export function CellTip({ sheet, place, holds, sentence, announce }: CellTipProps) {
  const rect = useAnchor(sheet, place)
  if (rect === null) return null
  const below = rect.bottom + 5 < window.innerHeight - 70
  return createPortal(
    <div
      className={css('tip')}
      role={announce ? 'alert' : 'tooltip'}
      style={{
        left: Math.max(8, Math.min(rect.left, window.innerWidth - WIDTH_PX - 8)),
        ...(below ? { top: rect.bottom + 5 } : { bottom: window.innerHeight - rect.top + 5 }),
      }}
    >
      {sentence === null ? null : <Icon name="lock" size={13} />}
      <span>
        {holds === null ? null : <b>{holds}</b>}
        {sentence}
      </span>
    </div>,
    document.body,
  )
}
