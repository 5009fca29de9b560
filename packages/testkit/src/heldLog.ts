import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { LogBatch, UpdateLog } from '@dongbo/sync/ports/updateLog.ts'
import { memoryStore, type MemoryStore } from './memoryStore.ts'
import { memoryUpdateLog } from './memoryUpdateLog.ts'

/** A log in memory whose every act waits until the test lets it through, or is made to fail. */
export class HeldLog implements UpdateLog {
  readonly kept: MemoryStore
  /** What the store really holds. */
  readonly store: UpdateLog
  /** Commits that were asked for, oldest first. */
  readonly batches: LogBatch[] = []
  /** While true, appends wait for `release`. */
  holdsAppends = false
  /** While true, loads wait for `release`. */
  holdsLoads = false
  /** While true, snapshots wait for `release`. */
  holdsSnapshots = false
  /** While true, the newest positions that were read wait for `release` before they are told. */
  holdsHeads = false
  /** Fails the next load, append or snapshot. */
  nextFailure: Error | null = null
  /** Fails every append that it has something against. */
  objects: (batch: LogBatch) => Error | null = () => null
  /** The next append is written, and then fails as if it were not. */
  losesNextAnswer: Error | null = null
  loads = 0
  #waiting: (() => void)[] = []

  constructor(kept: MemoryStore = memoryStore()) {
    this.kept = kept
    this.store = memoryUpdateLog(kept)
  }

  async load(document: DocumentName): ReturnType<UpdateLog['load']> {
    this.loads++
    if (this.holdsLoads) await this.#held()
    this.#failWhenTold()
    return await this.store.load(document)
  }

  create: UpdateLog['create'] = async (entry, generation) => await this.store.create(entry, generation)

  entriesAfter: UpdateLog['entriesAfter'] = async (document, after) => await this.store.entriesAfter(document, after)

  heads: UpdateLog['heads'] = async (documents) => {
    const heads = await this.store.heads(documents)
    if (this.holdsHeads) await this.#held()
    return heads
  }

  list: UpdateLog['list'] = async () => await this.store.list()

  async append(batch: LogBatch): Promise<void> {
    this.batches.push(batch)
    if (this.holdsAppends) await this.#held()
    this.#failWhenTold()
    const objection = this.objects(batch)
    if (objection !== null) throw objection
    await this.store.append(batch)
    const lost = this.losesNextAnswer
    this.losesNextAnswer = null
    if (lost !== null) throw lost
  }

  saveSnapshot: UpdateLog['saveSnapshot'] = async (document, upTo, update) => {
    if (this.holdsSnapshots) await this.#held()
    this.#failWhenTold()
    await this.store.saveSnapshot(document, upTo, update)
  }

  /** Whether an act waits. */
  get isHolding(): boolean {
    return this.#waiting.length > 0
  }

  /** Lets the oldest act that waits go on. */
  release(): void {
    const next = this.#waiting.shift()
    if (next === undefined) throw new Error('nothing waits')
    next()
  }

  #held(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #failWhenTold(): void {
    const failure = this.nextFailure
    this.nextFailure = null
    if (failure !== null) throw failure
  }
}
