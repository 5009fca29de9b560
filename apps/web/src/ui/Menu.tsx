import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import styles from './Menu.module.css'
import { classNames } from './classNames.ts'
import { Icon } from './Icon.tsx'

const css = classNames(styles)

interface MenuProps {
  /** Names the list; said after what the button shows. */
  readonly label: string
  readonly trigger: ReactNode
  readonly children: (close: () => void) => ReactNode
  readonly align?: 'left' | 'right'
  readonly upwards?: boolean
}

/** A button that opens a list of commands. Arrows walk, Esc closes and gives the focus back, a click outside closes. */
export function Menu({ label, trigger, children, align = 'right', upwards = false }: MenuProps) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (!open) return
    items(list.current)[0]?.focus()
    const outside = (event: PointerEvent): void => {
      const target = event.target as Node
      if (list.current?.contains(target) !== true && button.current?.contains(target) !== true) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])

  const close = (): void => {
    setOpen(false)
    button.current?.focus()
  }
  const walk = (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.key === 'Escape' || event.key === 'Tab') return close()
    const all = items(list.current)
    const at = all.indexOf(document.activeElement as HTMLElement)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    all.at(next % all.length)?.focus()
  }
  return (
    <div className={css('wrap')}>
      <button
        ref={button}
        type="button"
        className={css('trigger')}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {trigger}
        <span className="visually-hidden">{label}</span>
      </button>
      {open ? (
        <div
          ref={list}
          id={id}
          role="menu"
          aria-label={label}
          className={css('list', align, upwards && 'up')}
          onKeyDown={walk}
        >
          {children(close)}
        </div>
      ) : null}
    </div>
  )
}

function items(list: HTMLElement | null): HTMLElement[] {
  return list === null ? [] : [...list.querySelectorAll<HTMLElement>('[role^=menuitem]')]
}

interface MenuItemProps {
  readonly children: ReactNode
  readonly onSelect: () => void
  /** For one of several choices: whether it is the present one. */
  readonly checked?: boolean
}

export function MenuItem({ children, onSelect, checked }: MenuItemProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      role={checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={checked}
      className={css('item')}
      onClick={onSelect}
    >
      <span className={css('tick')}>{checked === true ? <Icon name="check" size={14} /> : null}</span>
      {children}
    </button>
  )
}

export function MenuSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div role="group" aria-label={title} className={css('section')}>
      <p className={css('title')} aria-hidden="true">
        {title}
      </p>
      {children}
    </div>
  )
}
