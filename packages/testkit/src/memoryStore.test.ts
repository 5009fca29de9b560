import { instant, type Instant } from '@dongbo/kernel/clock.ts'
import { LEASE_MS } from '@dongbo/sync/ports/leases.ts'
import { clientIdsContract } from './contractsClientIds.ts'
import { leasesContract } from './contractsLeases.ts'
import { manualClock } from './manualClock.ts'
import { memoryClientIds } from './memoryClientIds.ts'
import { memoryLeases } from './memoryLeases.ts'
import { memoryStore } from './memoryStore.ts'
import { memoryUpdateLog } from './memoryUpdateLog.ts'

leasesContract('memory', async () => {
  const clock = manualClock()
  const store = memoryStore(clock)
  return {
    leases: (node) => memoryLeases(store, node),
    log: memoryUpdateLog(store),
    lapse: async () => clock.advance(LEASE_MS),
  }
})

const store = memoryStore()
clientIdsContract('memory', async () => ({
  ids: memoryClientIds(store),
  log: memoryUpdateLog(store),
  age: async (document, ms) => {
    const heldAt = store.documents.get(document)?.heldAt ?? new Map<number, Instant>()
    for (const [id, at] of heldAt) heldAt.set(id, instant(at - ms))
  },
}))
