import { useEffect, useLayoutEffect, useRef, type ReactNode, type RefObject } from 'react'
import { createPortal } from 'react-dom'
import { classNames } from '#ui/classNames.ts'
import { cellElement } from '../grid/cellElement.ts'
import { closeEditor, type Place } from '../matrixState.ts'
import styles from './CellPopover.module.css'
import { useAnchor } from './useAnchor.ts'

const css = classNames(styles)
const MARGIN_PX = 8

interface CellPopoverProps {
  readonly sheet: RefObject<HTMLDivElement | null>
  readonly place: Place
  readonly label: string
  /** Lies over the cell instead of under it. */
  readonly over?: boolean
  readonly width: number
  /** What Esc does before it closes. */
  readonly onEscape?: () => void
  readonly children: ReactNode
}

/** Floats at a cell, over everything and always inside the window. A press outside or Esc closes it. */
export function CellPopover({ sheet, place, label, over = false, width, onEscape, children }: CellPopoverProps) {
  const rect = useAnchor(sheet, place)
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      if (box.current?.contains(event.target as Node) !== true) closeEditor()
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [])

  // Placed after measuring its own height, so that it never hangs below the window.
  useLayoutEffect(() => {
    const element = box.current
    if (element === null || rect === null) return
    const { offsetHeight: height } = element
    const below = over ? rect.top : rect.bottom + 3
    const fits = below + height <= window.innerHeight - MARGIN_PX
    const top = fits
      ? below
      : Math.max(MARGIN_PX, over ? window.innerHeight - MARGIN_PX - height : rect.top - height - 3)
    element.style.top = `${top}px`
    element.style.left = `${Math.max(MARGIN_PX, Math.min(rect.left - 2, window.innerWidth - width - MARGIN_PX))}px`
  })

  if (rect === null) return null
  return createPortal(
    <div
      ref={box}
      role="dialog"
      aria-label={label}
      className={css('popover', over && 'over')}
      style={{ width, minHeight: over ? rect.height : undefined }}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
        onEscape?.()
        leave(sheet.current, place)
      }}
      onClick={(event) => event.stopPropagation()}
    >
      {children}
    </div>,
    document.body,
  )
}

/** Closes the editor and gives the focus back to its cell. */
export function leave(sheet: HTMLElement | null, place: Place): void {
  closeEditor()
  cellElement(sheet, place)?.focus({ preventScroll: true })
}
