import type { DocumentName } from '@dongbo/model/documentName.ts'
import {
  Fenced,
  seq,
  SequenceConflict,
  type LogBatch,
  type StoredDocument,
  type UpdateLog,
} from '@dongbo/sync/ports/updateLog.ts'
import { memoryStore, type KeptDocument, type MemoryStore } from './memoryStore.ts'

/** The log in memory, for tests of the rooms: it passes the same contract as the database's. */
export function memoryUpdateLog(store: MemoryStore = memoryStore()): UpdateLog {
  const { documents } = store
  return {
    async load(name) {
      const kept = documents.get(name)
      return kept === undefined ? null : stored(kept)
    },
    async create(entry, generation) {
      if (entry.seq !== 1) throw new Error('a document is created by its entry 1')
      if (documents.has(entry.document)) return false
      documents.set(entry.document, {
        generation,
        entries: [entry],
        owners: new Map(),
        free: new Set(),
        heldAt: new Map(),
        passedOn: new Set(),
        snapshot: null,
      })
      return true
    },
    async append(batch) {
      check(store, batch)
      for (const entry of batch.entries) documents.get(entry.document)?.entries.push(entry)
      for (const owner of batch.newOwners) {
        const kept = documents.get(owner.document)
        kept?.owners.set(owner.clientId, owner.personId)
        kept?.heldAt.set(owner.clientId, store.now())
      }
    },
    async entriesAfter(name, after) {
      const entries = documents.get(name)?.entries.slice(after) ?? []
      return entries.map((entry) => ({ seq: entry.seq, update: entry.update }))
    },
    async heads(names) {
      return new Map(
        names.flatMap((name) => {
          const kept = documents.get(name)
          return kept === undefined ? [] : [[name, seq(kept.entries.length)] as const]
        }),
      )
    },
    async saveSnapshot(name, upTo, update) {
      const kept = documents.get(name)
      if (kept === undefined) throw new Error(`no document ${name}`)
      if (kept.snapshot === null || kept.snapshot.upTo < upTo) kept.snapshot = { upTo, update }
    },
    async list() {
      return [...documents.keys()].toSorted()
    },
  }
}

function stored(kept: KeptDocument): StoredDocument {
  const from = kept.snapshot?.upTo ?? 0
  return {
    generation: kept.generation,
    snapshot: kept.snapshot,
    tail: kept.entries.slice(from).map((entry) => ({ seq: entry.seq, update: entry.update })),
    owners: [...kept.owners].map(([clientId, personId]) => ({ clientId, personId })),
  }
}

/** Throws before anything is written, as a transaction that rolls back. */
function check({ documents, leases }: MemoryStore, batch: LogBatch): void {
  for (const [name, token] of batch.fences ?? []) {
    const lease = leases.get(name)
    if (lease === undefined || lease.holder === null || lease.token !== token) {
      throw new Fenced(`${name} is written by another node`)
    }
  }
  const next = new Map<DocumentName, number>()
  for (const entry of batch.entries) {
    const kept = documents.get(entry.document)
    if (kept === undefined) throw new Error(`no document ${entry.document}`)
    const free = next.get(entry.document) ?? kept.entries.length + 1
    if (entry.seq < free) throw new SequenceConflict('another process has written at the same position')
    if (entry.seq > free) throw new Error(`entry ${seq(free)} of ${entry.document} is missing`)
    next.set(entry.document, free + 1)
  }
  for (const owner of batch.newOwners) {
    const kept = documents.get(owner.document)
    if (kept === undefined) throw new Error(`no document ${owner.document}`)
    const holder = kept.owners.get(owner.clientId)
    if (holder !== undefined && holder !== owner.personId) {
      throw new SequenceConflict(`client id ${owner.clientId} of ${owner.document} belongs to somebody else`)
    }
  }
}
