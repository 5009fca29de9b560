import type { Bus } from '@dongbo/sync/ports/bus.ts'
import { Redis } from 'ioredis'
import { Listeners } from './listeners.ts'

/** A request to Redis that takes longer has failed: nothing of ours waits for it. */
const COMMAND_TIMEOUT_MS = 2_000
const CONNECT_TIMEOUT_MS = 5_000
const RECONNECT_AFTER_MS = 500

/**
 * The bus between nodes, over Redis or Valkey. Rejects when the server cannot be reached at the start; later losses are
 * reported and mended by reconnecting, and what is published meanwhile is refused.
 */
export async function redisBus(url: string, reportError: (error: unknown) => void): Promise<Bus> {
  const open = () =>
    new Redis(url, {
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: COMMAND_TIMEOUT_MS,
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      retryStrategy: () => RECONNECT_AFTER_MS,
    })
  // A connection that subscribes can do nothing else.
  const [speaking, hearing] = [open(), open()]
  const listeners = new Listeners(reportError)
  hearing.on('messageBuffer', (topic: Buffer, notice: Buffer) => {
    listeners.tell(topic.toString('utf8'), new Uint8Array(notice))
  })
  try {
    for (const end of [speaking, hearing]) {
      end.on('error', reportError)
      await end.connect()
    }
  } catch (error) {
    speaking.disconnect()
    hearing.disconnect()
    throw error
  }
  return {
    async publish(topic, notice) {
      await speaking.publish(topic, Buffer.from(notice.buffer, notice.byteOffset, notice.byteLength))
    },
    async subscribe(topic, hear) {
      if (listeners.add(topic, hear)) await hearing.subscribe(topic)
      return async () => {
        if (listeners.remove(topic, hear)) await hearing.unsubscribe(topic)
      }
    },
    async close() {
      listeners.clear()
      speaking.disconnect()
      hearing.disconnect()
    },
  }
}
