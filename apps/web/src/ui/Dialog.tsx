import { useEffect, useRef, type ReactNode } from 'react'
import { Button } from './Button.tsx'
import styles from './Dialog.module.css'
import { classNames } from './classNames.ts'

const css = classNames(styles)

interface DialogProps {
  readonly title: string
  readonly closeLabel: string
  readonly onClose: () => void
  readonly children: ReactNode
  readonly wide?: boolean
  /** False for the rare dialog that must be answered; Esc then does nothing. */
  readonly closable?: boolean
}

/** A modal on the browser's own `<dialog>`: focus is kept inside, the page behind is inert, Esc closes. */
export function Dialog({ title, closeLabel, onClose, children, wide = false, closable = true }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    const before = document.activeElement
    dialog?.showModal()
    // Not React's autoFocus: it acts before the dialog is shown, and the browser then focuses the first button instead.
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  return (
    <dialog
      ref={ref}
      className={css('dialog', wide && 'wide')}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault()
        if (closable) onClose()
      }}
      onKeyDown={(event) => event.stopPropagation()}
      onMouseDown={(event) => {
        if (closable && event.target === ref.current) onClose()
      }}
    >
      <div className={css('paper')}>
        <header className={css('head')}>
          <h2>{title}</h2>
          {closable ? <Button look="ghost" icon="close" aria-label={closeLabel} onClick={onClose} /> : null}
        </header>
        {children}
      </div>
    </dialog>
  )
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={css('actions')}>{children}</div>
}
