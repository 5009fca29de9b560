import type { Cancel, Clock } from '@dongbo/kernel/clock.ts'

/** Timers that end with their owner. */
export class Timers {
  readonly #clock: Clock
  readonly #pending = new Set<Cancel>()
  #stopped = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Runs a task after a time, unless all is stopped by then. */
  after(ms: number, task: () => void): void {
    const cancel = this.#clock.after(ms, () => {
      this.#pending.delete(cancel)
      if (!this.#stopped) task()
    })
    this.#pending.add(cancel)
  }

  stop(): void {
    this.#stopped = true
    for (const cancel of this.#pending) cancel()
    this.#pending.clear()
  }
}
