import type { Clock } from '@dongbo/kernel/clock.ts'
import type { Random } from '@dongbo/kernel/random.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { Grants } from '@dongbo/sync/ports/grants.ts'
import type { NodeId } from '@dongbo/sync/ports/leases.ts'
import { Registry } from '@dongbo/sync/room/registry.ts'
import type { BusHub, HubEnd } from '../busHub.ts'
import { Incarnation } from './incarnation.ts'
import type { SimulatedDisk } from './simulatedDisk.ts'

/** What all nodes of a world share. */
export interface Surroundings {
  readonly clock: Clock
  readonly random: Random
  readonly disk: SimulatedDisk
  readonly hub: BusHub
  readonly grants: Grants
  /** Whatever a server says of itself that somebody should look at. */
  report(what: string): void
}

/** A server that can be killed, started again, frozen, and cut off from the others. */
export class SimulatedNode {
  readonly #around: Surroundings
  readonly #number: number
  #runs = 0
  #end: HubEnd
  #incarnation: Incarnation
  #registry: Registry

  constructor(around: Surroundings, number: number) {
    this.#around = around
    this.#number = number
    this.#end = around.hub.end()
    this.#incarnation = this.#newIncarnation()
    this.#registry = this.#newRegistry()
  }

  get registry(): Registry {
    return this.#registry
  }

  get running(): boolean {
    return this.#incarnation.running
  }

  /** Whether it hears the other nodes. */
  set connected(connected: boolean) {
    this.#end.connected = connected
  }

  freeze(): void {
    this.#incarnation.freeze()
  }

  thaw(): void {
    this.#incarnation.thaw()
  }

  /** Dies without a word and is started again, with nothing but what is stored. */
  restart(): void {
    this.#incarnation.kill()
    this.#end.connected = false
    this.#end = this.#around.hub.end()
    this.#incarnation = this.#newIncarnation()
    this.#registry = this.#newRegistry()
  }

  #newIncarnation(): Incarnation {
    const { clock, disk } = this.#around
    this.#runs += 1
    const leases = disk.leases(`node-${this.#number}-${this.#runs}` as NodeId)
    return new Incarnation({ clock, log: disk, clientIds: disk.clientIds, leases, bus: this.#end })
  }

  #newRegistry(): Registry {
    const { random, grants, report } = this.#around
    const { clock, log, clientIds, leases, bus } = this.#incarnation
    const events = {
      refused: () => undefined,
      unfaithful: () => report('Yjs did what was not judged'),
      failed: (_document: DocumentName, because: string) => report(`failed ${because}`),
    }
    return new Registry({ clock, random, log, events }, grants, clientIds, {
      bus,
      leases,
      reportError: (error) => report(`failed between nodes: ${String(error)}`),
      ignoredNotice: () => report('a notice was not understood'),
    })
  }
}
