import * as Y from 'yjs'
import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import { matrixOf, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import type { Grant } from '@dongbo/sync/ports/grants.ts'
import { seq, type UpdateLog } from '@dongbo/sync/ports/updateLog.ts'
import { Registry } from '@dongbo/sync/room/registry.ts'
import { replay } from '@dongbo/sync/room/replay.ts'
import { openMatrix } from '@dongbo/model/matrix/shape.ts'
import { manualClock, type ManualClock } from './manualClock.ts'
import { smallMatrix } from './matrices.ts'
import { memoryClientIds } from './memoryClientIds.ts'
import { memoryStore, type MemoryStore } from './memoryStore.ts'
import { memoryUpdateLog } from './memoryUpdateLog.ts'
import { planFacts } from './people.ts'
import { Tab } from './tabs.ts'

/** Somebody in the world: who he is and the tab he has open. */
export interface Inhabitant {
  readonly principal: Principal
  readonly tab: Tab
}

/** A server with its log and some tabs, driven by one seed: every order of events is the seed's. */
export class World {
  readonly random: Random
  readonly clock: ManualClock = manualClock()
  readonly log: UpdateLog
  readonly document: DocumentName = matrixOf(trustedId<PlanId>('kh-2026'))
  readonly people: readonly Inhabitant[]
  /** Whatever the server reported; a test looks for `unfaithful` and `failed`. */
  readonly reports: string[] = []
  readonly #kept: MemoryStore = memoryStore()
  #registry: Registry

  constructor(seed: number, principals: readonly Principal[]) {
    this.random = seededRandom(seed)
    this.log = memoryUpdateLog(this.#kept)
    this.people = principals.map((principal) => ({ principal, tab: new Tab() }))
    this.#registry = this.#start()
  }

  /** Creates the document. */
  async open(matrix: MatrixDocument = smallMatrix()): Promise<void> {
    const update = Y.encodeStateAsUpdate(matrix.doc)
    const entry = { document: this.document, seq: seq(1), update, personId: null, bodyId: null, at: this.clock.now() }
    await this.log.create(entry, 'generation-1')
  }

  async connect({ principal, tab }: Inhabitant): Promise<void> {
    const { socket, copy } = tab
    const caller = { socket, copy, sessionId: principal.personId, speaksDongbo: true }
    const seat = await this.#registry.join(this.document, caller)
    if (!seat.ok) throw new Error(`not let in: ${seat.error}`)
    tab.opened(seat.value)
  }

  /** The server dies without a word and is started again: only the log is left. */
  killServer(): void {
    for (const { tab } of this.people) tab.cut()
    this.#registry = this.#start()
  }

  /** Lets commits finish. The memory log answers on a microtask; a macrotask later all of them have run. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
  }

  /** Delivers everything that is under way, until nobody has anything more to say. */
  async calm(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      for (const { tab } of this.people) {
        while (tab.deliver('up') || tab.deliver('down')) quiet = 0
      }
      await this.settle()
      this.clock.advance(40)
    }
  }

  /** The matrix as the log alone gives it: what would be left after a crash now. */
  async durable(): Promise<MatrixDocument> {
    const stored = await this.log.load(this.document)
    if (stored === null) throw new Error('the document was opened')
    return openMatrix(replay(stored).doc)
  }

  /**
   * What must hold after every step: every copy keeps the model's invariants, nothing is shown that is not durable, and
   * what was acknowledged is durable.
   */
  async violations(): Promise<readonly string[]> {
    const durable = await this.durable()
    const found = matrixViolations(durable).map((violation) => `log: ${violation}`)
    for (const [index, { tab }] of this.people.entries()) {
      const { doc } = tab.matrix
      for (const violation of matrixViolations(tab.matrix)) found.push(`tab ${index}: ${violation}`)
      for (const client of doc.store.clients.keys()) {
        if (client === doc.clientID) continue
        if (Y.getState(doc.store, client) > Y.getState(durable.doc.store, client)) {
          found.push(`tab ${index} shows what is not durable`)
        }
      }
      const { confirmed } = tab
      if (confirmed !== null && Y.getState(durable.doc.store, confirmed.client) < confirmed.clock) {
        found.push(`tab ${index} was told that something is saved that is not`)
      }
    }
    return found
  }

  /** Every inhabitant's session is named after him. */
  #grantOf(sessionId: string): Grant | null {
    const someone = this.people.find(({ principal }) => principal.personId === sessionId)
    return someone === undefined ? null : { principal: someone.principal, plan: planFacts() }
  }

  #start(): Registry {
    return new Registry(
      {
        clock: this.clock,
        random: this.random,
        log: this.log,
        events: {
          refused: (_document, person, code) => this.reports.push(`refused ${person} ${code}`),
          unfaithful: () => this.reports.push('unfaithful'),
          failed: (_document, because) => this.reports.push(`failed ${because}`),
        },
      },
      { grantFor: async (sessionId) => this.#grantOf(sessionId) },
      memoryClientIds(this.#kept),
    )
  }
}
