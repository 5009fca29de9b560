import type { Clock } from '@dongbo/kernel/clock.ts'
import type { Bus } from '@dongbo/sync/ports/bus.ts'
import type { ClientIds } from '@dongbo/sync/ports/clientIds.ts'
import type { Leases } from '@dongbo/sync/ports/leases.ts'
import type { UpdateLog } from '@dongbo/sync/ports/updateLog.ts'

/** What a process has from outside. */
export interface Outside {
  readonly clock: Clock
  readonly log: UpdateLog
  readonly clientIds: ClientIds
  readonly leases: Leases
  readonly bus: Bus
}

/**
 * One run of a server process. Frozen, nothing of it happens until it thaws, not even the end of an act; dead, never
 * again. What it asked for before goes on outside all the same.
 */
export class Incarnation implements Outside {
  readonly clock: Clock
  readonly log: UpdateLog
  readonly clientIds: ClientIds
  readonly leases: Leases
  readonly bus: Bus
  #state: 'running' | 'frozen' | 'dead' = 'running'
  #held: (() => void)[] = []

  constructor({ clock, log, clientIds, leases, bus }: Outside) {
    this.clock = { now: () => clock.now(), after: (ms, task) => clock.after(ms, () => this.whenRunning(task)) }
    this.log = {
      load: (document) => this.#act(() => log.load(document)),
      create: (entry, generation) => this.#act(() => log.create(entry, generation)),
      append: (batch) => this.#act(() => log.append(batch)),
      entriesAfter: (document, after) => this.#act(() => log.entriesAfter(document, after)),
      heads: (documents) => this.#act(() => log.heads(documents)),
      saveSnapshot: (document, upTo, update) => this.#act(() => log.saveSnapshot(document, upTo, update)),
      list: () => this.#act(() => log.list()),
    }
    this.clientIds = {
      take: (document, person) => this.#act(() => clientIds.take(document, person)),
      hold: (document, person, clientId) => this.#act(() => clientIds.hold(document, person, clientId)),
      free: (document, person, clientId) => this.#act(() => clientIds.free(document, person, clientId)),
    }
    this.leases = {
      node: leases.node,
      claim: (document) => this.#act(() => leases.claim(document)),
      seize: (document) => this.#act(() => leases.seize(document)),
      renew: () => this.#act(() => leases.renew()),
      release: (document) => this.#act(() => leases.release(document)),
    }
    this.bus = {
      get connected() {
        return bus.connected
      },
      publish: (topic, notice) => this.#act(() => bus.publish(topic, notice)),
      subscribe: (topic, hear) =>
        this.#act(() => bus.subscribe(topic, (notice) => this.whenRunning(() => hear(notice)))),
      onChange: (hear) => bus.onChange((connected) => this.whenRunning(() => hear(connected))),
      close: () => this.#act(() => bus.close()),
    }
  }

  get running(): boolean {
    return this.#state === 'running'
  }

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen'
  }

  thaw(): void {
    if (this.#state !== 'frozen') return
    this.#state = 'running'
    for (const go of this.#held.splice(0)) go()
  }

  kill(): void {
    this.#state = 'dead'
    this.#held = []
  }

  /** Does something in this process: at once, when it thaws, or never. */
  whenRunning(task: () => void): void {
    if (this.#state === 'running') task()
    else if (this.#state === 'frozen') this.#held.push(task)
  }

  #act<T>(act: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.whenRunning(() => {
        act().then(
          (result) => this.whenRunning(() => resolve(result)),
          (error: unknown) => this.whenRunning(() => reject(error)),
        )
      })
    })
  }
}
