import { useEffect } from 'react'
import { useLive, type LiveDocument } from '#session/liveDocument.ts'

/** Asks before the page is left while something typed is only on this machine, or was refused and not yet looked at. */
export function useLeaveWarning(live: LiveDocument): void {
  const unsafe = useLive(live, ({ save, refused }) => refused.length > 0 || ('waiting' in save && save.waiting > 0))
  useEffect(() => {
    if (!unsafe) return
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [unsafe])
}
