import { useEffect } from 'react'
import { useLive, type LiveDocument } from '#session/liveDocument.ts'

/** Asks before the page is left while something typed would go with it. */
export function useLeaveWarning(live: LiveDocument): void {
  const unsafe = useLive(live, ({ save, refused, keeping }) => {
    if (keeping === 'while-open') return refused.length > 0 || ('waiting' in save && save.waiting > 0)
    // On this device it waits for the next time, a moment after it was typed.
    return save.at === 'offline' && save.waiting > 0 && !save.kept
  })
  useEffect(() => {
    if (!unsafe) return
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [unsafe])
}
