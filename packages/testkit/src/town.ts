import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { LEASE_MS, type NodeId } from '@dongbo/sync/ports/leases.ts'
import type { Grant } from '@dongbo/sync/ports/grants.ts'
import { BusHub, type HubEnd } from './busHub.ts'
import { HeldLog } from './heldLog.ts'
import { manualClock } from './manualClock.ts'
import { memoryLeases } from './memoryLeases.ts'
import { memoryStore } from './memoryStore.ts'
import { planFacts } from './people.ts'
import { House, type Seat } from './seats.ts'

/** A node: a house with its end of the bus. */
export interface NodeHouse {
  readonly house: House
  readonly bus: HubEnd
  readonly id: NodeId
  /** What it could not do, in between the nodes. */
  readonly failures: unknown[]
}

/** Several nodes over one store with one bus between them; time passes for all alike. */
export class Town {
  readonly hub = new BusHub()
  readonly storeClock = manualClock()
  readonly nodes: NodeHouse[] = []
  ignoredNotices = 0
  readonly #store = memoryStore(this.storeClock)

  constructor(nodes = 2) {
    for (let number = 1; number <= nodes; number++) this.addNode()
  }

  addNode(): NodeHouse {
    const number = this.nodes.length + 1
    const id = `node-${number}` as NodeId
    const bus = this.hub.end()
    const failures: unknown[] = []
    const leases = memoryLeases(this.#store, id)
    const house = new House(new HeldLog(this.#store), number, {
      bus,
      leases,
      reportError: (error) => void failures.push(error),
      ignoredNotice: () => {
        this.ignoredNotices++
      },
    })
    const node = { house, bus, id, failures }
    this.nodes.push(node)
    return node
  }

  /** Seats somebody on one node; all of them know what he may. */
  async enter(node: NodeHouse, document: DocumentName, principal: Principal): Promise<Seat> {
    this.grant(principal, { principal, plan: planFacts() })
    return await node.house.enter(document, principal)
  }

  grant(principal: Principal, grant: Grant | null): void {
    for (const { house } of this.nodes) house.grants.set(principal.personId, grant)
  }

  /** Lets everything go on that can, on all nodes that run. */
  async settle(...running: readonly NodeHouse[]): Promise<void> {
    const nodes = running.length === 0 ? this.nodes : running
    for (let round = 0; round < 6; round++) {
      for (const { house } of nodes) {
        await house.settle()
        house.clock.advance(round === 0 ? 40 : 0)
      }
    }
  }

  /** Lets time pass in steps in which everything that falls due goes on; nodes that are left out stand still. */
  async pass(ms: number, ...running: readonly NodeHouse[]): Promise<void> {
    const step = LEASE_MS / 50
    for (let passed = 0; passed < ms; passed += step) {
      this.storeClock.advance(step)
      for (const { house } of running.length === 0 ? this.nodes : running) house.clock.advance(step)
      await this.settle(...running)
    }
  }

  /** Every node looks for what no notice has told it. */
  async look(): Promise<void> {
    for (const { house } of this.nodes) await house.registry.lookForNews()
    await this.settle()
  }
}
