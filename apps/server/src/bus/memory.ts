import type { Bus } from '@dongbo/sync/ports/bus.ts'
import { Listeners } from './listeners.ts'

/** The bus of a server that runs alone: a notice goes no further than this process. */
export function memoryBus(reportError: (error: unknown) => void): Bus {
  const listeners = new Listeners(reportError)
  return {
    async publish(topic, notice) {
      listeners.tell(topic, notice)
    },
    async subscribe(topic, hear) {
      listeners.add(topic, hear)
      return async () => void listeners.remove(topic, hear)
    },
    connected: false,
    onChange: () => () => undefined,
    async close() {
      listeners.clear()
    },
  }
}
