import { CLIENT_ID_KEPT_MS, type ClientIds } from '@dongbo/sync/ports/clientIds.ts'
import type { MemoryStore } from './memoryStore.ts'

/** Which client ids are free, over a store in memory. */
export function memoryClientIds(store: MemoryStore): ClientIds {
  return {
    async take(document, person) {
      const kept = store.documents.get(document)
      if (kept === undefined) return null
      const heldAt = (id: number): number => kept.heldAt.get(id) ?? 0
      const since = store.now() - CLIENT_ID_KEPT_MS
      const isFree = (id: number): boolean => kept.free.has(id)
      const [taken] = [...kept.owners.keys()]
        .filter((id) => kept.owners.get(id) === person && (isFree(id) || heldAt(id) <= since))
        .toSorted((a, b) => Number(isFree(b)) - Number(isFree(a)) || heldAt(a) - heldAt(b) || a - b)
      if (taken === undefined) return null
      if (!kept.free.delete(taken)) kept.passedOn.add(taken)
      kept.heldAt.set(taken, store.now())
      return taken
    },
    async hold(document, person, clientId) {
      const kept = store.documents.get(document)
      const owner = kept?.owners.get(clientId)
      if (kept === undefined || owner === undefined) return 'its-own'
      if (owner !== person) return 'not-its-own'
      kept.free.delete(clientId)
      kept.heldAt.set(clientId, store.now())
      return kept.passedOn.has(clientId) ? 'passed-on' : 'its-own'
    },
    async free(document, person, clientId) {
      const kept = store.documents.get(document)
      if (kept?.owners.get(clientId) === person) kept.free.add(clientId)
    },
  }
}
