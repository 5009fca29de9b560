import { instant, type Clock } from '@dongbo/kernel/clock.ts'
import type { Random } from '@dongbo/kernel/random.ts'

/** The browser's time. What must be true of the world (today, saved at) comes from the server instead. */
export const browserClock: Clock = {
  now: () => instant(Date.now()),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Chance for ids, from the browser's own source. */
export const browserRandom: Random = {
  below(bound) {
    const [draw = 0] = crypto.getRandomValues(new Uint32Array(1))
    return Math.floor((draw / 4_294_967_296) * bound)
  },
}
