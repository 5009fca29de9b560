import { connect, type Connection as DatabaseConnection } from '@dongbo/db/connect.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { seq } from '@dongbo/sync/ports/updateLog.ts'
import { DEMO_MATRIX } from '@dongbo/testkit/liveTab.ts'
import * as Y from 'yjs'
import { MARK } from './marks.ts'
import type { Typist } from './typist.ts'

/**
 * Asks the database itself, by a connection of its own, whether what a tab calls saved is committed, in the moment in
 * which it says so.
 */
export class BadgeWitness {
  /** Claims that were checked, and those that were false. */
  claims = 0
  readonly lies: string[] = []
  readonly #connection: DatabaseConnection
  readonly #copy = new Y.Doc()
  readonly #stored = new Set<string>()
  #read = seq(0)
  #asking: Promise<void> = Promise.resolve()
  /** Claimed while the database could not be asked. */
  #open: string[] = []

  private constructor(connection: DatabaseConnection) {
    this.#connection = connection
  }

  static async over(url: string): Promise<BadgeWitness> {
    return new BadgeWitness(await connect({ engine: 'postgres', url }))
  }

  watch(typist: Typist): void {
    typist.onAcknowledged((_count, claimed) => {
      this.#asking = this.#asking.then(() => this.#check(claimed))
    })
  }

  /** Checks what could not be checked in time, and ends. */
  async finish(): Promise<void> {
    await this.#asking
    await this.#check(this.#open.splice(0))
    await this.#connection.close()
    if (this.#open.length > 0) throw new Error(`${this.#open.length} claims could not be checked`)
  }

  async #check(claimed: readonly string[]): Promise<void> {
    try {
      const entries = await databaseUpdateLog(this.#connection.database).entriesAfter(DEMO_MATRIX, this.#read)
      for (const entry of entries) {
        Y.applyUpdate(this.#copy, entry.update)
        this.#read = entry.seq
        // What is deleted later was there all the same.
        for (const [mark] of JSON.stringify(this.#copy.getMap('tasks').toJSON()).matchAll(MARK)) this.#stored.add(mark)
      }
    } catch {
      // The fault of the test may hold for this connection too.
      this.#open.push(...claimed)
      return
    }
    this.claims += claimed.length
    this.lies.push(...claimed.filter((mark) => !this.#stored.has(mark)))
  }
}
