import { useEffect } from 'react'
import type { MatrixDialog } from './MatrixDialogs.tsx'

/** Keys that work wherever the focus is on the screen. Read by place: input methods change what is written. */
export function useScreenKeys(onDialog: (dialog: MatrixDialog) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.isComposing || event.altKey || !(event.ctrlKey || event.metaKey)) return
      const dialog = event.code === 'KeyK' ? 'search' : event.code === 'Slash' ? 'shortcuts' : null
      if (dialog === null) return
      event.preventDefault()
      onDialog(dialog)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [onDialog])
}
