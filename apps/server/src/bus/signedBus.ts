import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Bus } from '@dongbo/sync/ports/bus.ts'

/** Raised when a node of the version before could misread what this one says. */
const VERSION = 1
const SIGNATURE_BYTES = 32
const HEAD_BYTES = 1 + SIGNATURE_BYTES

/** Why a notice was not believed. */
export type Ignored = 'too-short' | 'other-version' | 'not-ours'

/**
 * A bus whose notices only nodes with the same key can say: whoever else can write to the bus is heard by nobody. A notice
 * is version (1 byte), HMAC-SHA-256 over version, topic, a zero byte and the body (32 bytes), body. Who can listen can say
 * again what was said, so no notice may do harm when it comes twice or late.
 */
export function signedBus(bus: Bus, key: Uint8Array, onIgnored: (because: Ignored) => void): Bus {
  // Other installations may share the server: their topics are not ours.
  const installation = createHmac('sha256', key).update('topics').digest('hex').slice(0, 12)
  const topicOf = (topic: string) => `dongbo:${installation}:${topic}`

  function signature(topic: string, body: Uint8Array): Buffer {
    return createHmac('sha256', key)
      .update(new Uint8Array([VERSION]))
      .update(`${topic}\0`)
      .update(body)
      .digest()
  }

  return {
    async publish(topic, body) {
      const notice = new Uint8Array(HEAD_BYTES + body.length)
      notice[0] = VERSION
      notice.set(signature(topic, body), 1)
      notice.set(body, HEAD_BYTES)
      await bus.publish(topicOf(topic), notice)
    },
    async subscribe(topic, hear) {
      return await bus.subscribe(topicOf(topic), (notice) => {
        if (notice.length < HEAD_BYTES) return onIgnored('too-short')
        if (notice[0] !== VERSION) return onIgnored('other-version')
        const body = notice.subarray(HEAD_BYTES)
        if (!timingSafeEqual(notice.subarray(1, HEAD_BYTES), signature(topic, body))) return onIgnored('not-ours')
        hear(body)
      })
    },
    get connected() {
      return bus.connected
    },
    onChange: (hear) => bus.onChange(hear),
    close: async () => await bus.close(),
  }
}
