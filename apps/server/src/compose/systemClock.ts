import { randomInt } from 'node:crypto'
import { instant, type Clock, type Instant } from '@dongbo/kernel/clock.ts'
import type { Random } from '@dongbo/kernel/random.ts'

/** The machine's clock. Its timers do not keep the process alive: the listening socket does. */
export const systemClock: Clock = clockFrom(null)

/** A clock that shows `start` now and runs on from there, or the machine's own for null. */
export function clockFrom(start: Instant | null): Clock {
  const offset = start === null ? 0 : start - Date.now()
  return {
    now: () => instant(Date.now() + offset),
    after(delayMs, task) {
      const timer = setTimeout(task, delayMs)
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}

export const systemRandom: Random = { below: (bound) => randomInt(bound) }
