import type { ClientIds } from '@dongbo/sync/ports/clientIds.ts'
import type { MemoryStore } from './memoryStore.ts'

/** Which client ids are free, over a store in memory. */
export function memoryClientIds(store: MemoryStore): ClientIds {
  return {
    async take(document, person) {
      const kept = store.documents.get(document)
      if (kept === undefined) return null
      const [taken] = [...kept.free].filter((id) => kept.owners.get(id) === person).toSorted((a, b) => a - b)
      if (taken === undefined) return null
      kept.free.delete(taken)
      return taken
    },
    async hold(document, person, clientId) {
      const kept = store.documents.get(document)
      const owner = kept?.owners.get(clientId)
      if (owner !== undefined && owner !== person) return false
      kept?.free.delete(clientId)
      return true
    },
    async free(document, person, clientId) {
      const kept = store.documents.get(document)
      if (kept?.owners.get(clientId) === person) kept.free.add(clientId)
    },
  }
}
