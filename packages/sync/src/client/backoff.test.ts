import { expect, test } from 'vitest'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { reconnectDelayMs } from './backoff.ts'

test('waits grow to a limit, and no two clients wait the same', () => {
  const clients = [1, 2, 3, 4, 5].map((seed) => {
    const random = seededRandom(seed)
    return Array.from({ length: 12 }, (_, failures) => reconnectDelayMs(failures, random))
  })
  for (const waits of clients) {
    expect(waits[0]).toBeLessThan(600)
    for (const [failures, wait] of waits.entries()) {
      const ceiling = Math.min(10_000, 600 * 2 ** failures)
      expect(wait).toBeGreaterThanOrEqual(ceiling / 2)
      expect(wait).toBeLessThan(ceiling)
    }
  }
  for (let failures = 0; failures < 12; failures++) {
    expect(new Set(clients.map((waits) => waits[failures])).size).toBe(clients.length)
  }
})
