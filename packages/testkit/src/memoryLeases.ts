import { instant } from '@dongbo/kernel/clock.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { fencingToken, LEASE_MS, type Lease, type Leases, type NodeId } from '@dongbo/sync/ports/leases.ts'
import type { MemoryStore } from './memoryStore.ts'

/** The leases of one node over a store in memory. */
export function memoryLeases(store: MemoryStore, node: NodeId): Leases {
  const { leases } = store

  function take(document: DocumentName): Lease {
    if (!store.documents.has(document)) throw new Error(`no document ${document}`)
    const held = leases.get(document)
    const token = held === undefined ? 1 : held.holder === node ? held.token : held.token + 1
    leases.set(document, { holder: node, token, endsAt: instant(store.now() + LEASE_MS) })
    return { holder: node, token: fencingToken(token) }
  }

  return {
    node,
    async claim(document) {
      const held = leases.get(document)
      if (held === undefined || held.holder === null || held.holder === node || held.endsAt <= store.now()) {
        return take(document)
      }
      return { holder: held.holder, token: fencingToken(held.token) }
    },
    async seize(document) {
      return take(document)
    },
    async renew() {
      const ours = [...leases].filter(([, held]) => held.holder === node)
      for (const [document] of ours) take(document)
      return new Set(ours.map(([document]) => document))
    },
    async release(document) {
      const held = leases.get(document)
      if (held?.holder === node) leases.set(document, { ...held, holder: null, endsAt: store.now() })
    },
  }
}
