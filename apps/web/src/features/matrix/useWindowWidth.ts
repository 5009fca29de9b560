import { useSyncExternalStore } from 'react'

function hear(changed: () => void): () => void {
  window.addEventListener('resize', changed)
  return () => window.removeEventListener('resize', changed)
}

/** The window's width in CSS pixels. */
export function useWindowWidth(): number {
  return useSyncExternalStore(hear, () => window.innerWidth)
}
