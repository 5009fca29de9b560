import type { Clock } from '@dongbo/kernel/clock.ts'
import type { ClientIds } from '@dongbo/sync/ports/clientIds.ts'
import type { UpdateLog } from '@dongbo/sync/ports/updateLog.ts'

/** What one run of a server process may use. Once it is dead nothing of it happens any more, not even the end of an act. */
export class Incarnation {
  readonly clock: Clock
  readonly log: UpdateLog
  readonly clientIds: ClientIds
  #alive = true

  constructor(clock: Clock, log: UpdateLog, clientIds: ClientIds) {
    this.clock = {
      now: () => clock.now(),
      after: (ms, task) =>
        clock.after(ms, () => {
          if (this.#alive) task()
        }),
    }
    this.log = {
      load: (document) => this.#while(() => log.load(document)),
      create: (entry, generation) => this.#while(() => log.create(entry, generation)),
      append: (batch) => this.#while(() => log.append(batch)),
      entriesAfter: (document, after) => this.#while(() => log.entriesAfter(document, after)),
      heads: (documents) => this.#while(() => log.heads(documents)),
      saveSnapshot: (document, upTo, update) => this.#while(() => log.saveSnapshot(document, upTo, update)),
      list: () => this.#while(() => log.list()),
    }
    this.clientIds = {
      take: (document, person) => this.#while(() => clientIds.take(document, person)),
      hold: (document, person, clientId) => this.#while(() => clientIds.hold(document, person, clientId)),
      free: (document, person, clientId) => this.#while(() => clientIds.free(document, person, clientId)),
    }
  }

  kill(): void {
    this.#alive = false
  }

  async #while<T>(act: () => Promise<T>): Promise<T> {
    if (!this.#alive) return await never()
    try {
      const result = await act()
      return this.#alive ? result : await never()
    } catch (error) {
      if (!this.#alive) return await never()
      throw error
    }
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined)
}
