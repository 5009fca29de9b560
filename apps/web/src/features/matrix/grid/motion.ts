import type { Cancel, Clock } from '@dongbo/kernel/clock.ts'

/** A step of the scroll position beyond which nobody can read what passes by, in pixels. */
const FAST_STEP_PX = 100
/** Without a step for this long the sheet stands still. */
const REST_MS = 120

/** Whether the sheet is rushing past, so that rows may be drawn with less in them until it rests. */
export interface Motion {
  moved(topPx: number): void
  isFast(): boolean
  /** Calls once when the sheet comes to rest. Returns how to stop waiting. */
  onRest(hear: () => void): () => void
}

export function motion(clock: Clock): Motion {
  const waiting = new Set<() => void>()
  let last = 0
  /** Fast steps in a row: one alone is a leap (Page Down, a jump from the search), and what it leads to is read at once. */
  let steps = 0
  let cancel: Cancel | null = null
  const rest = (): void => {
    cancel = null
    steps = 0
    const hearing = [...waiting]
    waiting.clear()
    for (const hear of hearing) hear()
  }
  return {
    moved(topPx) {
      const step = Math.abs(topPx - last)
      last = topPx
      if (step >= FAST_STEP_PX) steps++
      if (steps === 0) return
      cancel?.()
      cancel = clock.after(REST_MS, rest)
    },
    isFast: () => steps > 1,
    onRest(hear) {
      waiting.add(hear)
      return () => waiting.delete(hear)
    },
  }
}
