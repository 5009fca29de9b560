import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import type { ClientIds } from '@dongbo/sync/ports/clientIds.ts'
import type { LogBatch, LogEntry, UpdateLog } from '@dongbo/sync/ports/updateLog.ts'
import type { Clock } from '@dongbo/kernel/clock.ts'
import type { Leases, NodeId } from '@dongbo/sync/ports/leases.ts'
import { memoryClientIds } from '../memoryClientIds.ts'
import { memoryLeases } from '../memoryLeases.ts'
import { memoryStore, type MemoryStore } from '../memoryStore.ts'
import { memoryUpdateLog } from '../memoryUpdateLog.ts'
import type { DiskState } from './script.ts'

interface Restored {
  readonly entries: readonly LogEntry[]
  readonly owners: ReadonlyMap<number, PersonId>
}

/** A log on a disk that can be slow, full, or lose its replies. Tells of everything that it has really written. */
export class SimulatedDisk implements UpdateLog {
  state: DiskState = 'fast'
  /** Called after a batch is durable, whatever its writer is told. */
  onWritten: (batch: LogBatch) => void = () => undefined
  readonly clientIds: ClientIds
  readonly #store: MemoryStore
  readonly #log: UpdateLog
  #waiting: (() => void)[] = []
  readonly #batches: LogBatch[] = []

  constructor(clock: Pick<Clock, 'now'>) {
    this.#store = memoryStore(clock)
    this.#log = memoryUpdateLog(this.#store)
    this.clientIds = memoryClientIds(this.#store)
  }

  /** The leases of one node. A disk in trouble answers them all the same: what they guard is written on it. */
  leases(node: NodeId): Leases {
    return memoryLeases(this.#store, node)
  }

  load: UpdateLog['load'] = async (document) => {
    await this.#turn()
    this.#failWhenFailing()
    return await this.#log.load(document)
  }

  create: UpdateLog['create'] = async (entry, generation) => await this.#log.create(entry, generation)

  async append(batch: LogBatch): Promise<void> {
    await this.#turn()
    this.#failWhenFailing()
    await this.#log.append(batch)
    this.#batches.push(batch)
    this.onWritten(batch)
    if (this.state === 'forgetful') throw new Error('the reply was lost')
  }

  saveSnapshot: UpdateLog['saveSnapshot'] = async (document, upTo, update) => {
    await this.#turn()
    this.#failWhenFailing()
    await this.#log.saveSnapshot(document, upTo, update)
  }

  entriesAfter: UpdateLog['entriesAfter'] = async (document, after) => {
    await this.#turn()
    this.#failWhenFailing()
    return await this.#log.entriesAfter(document, after)
  }

  heads: UpdateLog['heads'] = async (documents) => {
    this.#failWhenFailing()
    return await this.#log.heads(documents)
  }

  list: UpdateLog['list'] = async () => await this.#log.list()

  /** What is durable, whatever state the disk is in. */
  async durable(document: DocumentName): ReturnType<UpdateLog['load']> {
    return await this.#log.load(document)
  }

  /** The oldest act that waits goes on. */
  finish(): void {
    this.#waiting.shift()?.()
  }

  /** Becomes fast again, and everything that waits goes on. */
  recover(): void {
    this.state = 'fast'
    for (const go of this.#waiting.splice(0)) go()
  }

  /** The disk of a machine that went down: what was not written never will be. */
  lose(): void {
    this.#waiting = []
  }

  /** Puts back the document as it stood after its first `length` entries, under another generation. */
  restore(document: DocumentName, length: number, generation: string): Restored {
    const kept = this.#store.documents.get(document)
    if (kept === undefined) throw new Error('the document was created')
    this.lose()
    const entries = kept.entries.slice(0, length)
    const owners = new Map<number, PersonId>()
    for (const batch of this.#batches.splice(0)) {
      if (batch.entries.some((entry) => entry.seq > length)) break
      this.#batches.push(batch)
      for (const { clientId, personId } of batch.newOwners) owners.set(clientId, personId)
    }
    this.#store.documents.set(document, {
      ...{ generation, entries, owners, snapshot: null },
      ...{ free: new Set(), heldAt: new Map(), passedOn: new Set() },
    })
    return { entries, owners }
  }

  #turn(): Promise<void> {
    return this.state === 'slow' ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve()
  }

  #failWhenFailing(): void {
    if (this.state === 'failing') throw new Error('no space left on device')
  }
}
