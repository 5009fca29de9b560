import { instant, type Clock, type Instant } from '@dongbo/kernel/clock.ts'

export interface ManualClock extends Clock {
  /** Moves time on, running what falls due in its order. */
  advance(ms: number): void
}

/** A clock that stands still until a test moves it. Starts on the morning of the demo's day. */
export function manualClock(start: number = Date.UTC(2026, 10, 23, 2)): ManualClock {
  let now = start
  let order = 0
  const due: { at: number; order: number; task: () => void }[] = []
  return {
    now: (): Instant => instant(now),
    after(delayMs, task) {
      const entry = { at: now + delayMs, order: order++, task }
      due.push(entry)
      return () => {
        const index = due.indexOf(entry)
        if (index >= 0) due.splice(index, 1)
      }
    },
    advance(ms) {
      const end = now + ms
      for (;;) {
        due.sort((a, b) => a.at - b.at || a.order - b.order)
        const next = due[0]
        if (next === undefined || next.at > end) break
        due.shift()
        now = Math.max(now, next.at)
        next.task()
      }
      now = end
    },
  }
}
