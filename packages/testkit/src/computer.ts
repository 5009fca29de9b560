import { seededRandom } from '@dongbo/kernel/random.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { Connection } from '@dongbo/sync/client/connection.ts'
import type { CopyLocks } from '@dongbo/sync/client/deviceStore.ts'
import type { MayChange } from '@dongbo/sync/client/reapply.ts'
import { Line } from './line.ts'
import { mayWrite } from './mayWrite.ts'
import type { House } from './seats.ts'

/** A person's computer: its disk, and the tabs that he has open on it. */
export class Computer {
  readonly house: House
  readonly document: DocumentName
  readonly #held = new Map<string, ComputerTab>()
  readonly #opened: Connection[] = []

  readonly #tellsTabs: boolean

  /** @param tellsTabs false: a browser that cannot say which of its tabs are open */
  constructor(house: House, document: DocumentName, tellsTabs = true) {
    this.house = house
    this.document = document
    this.#tellsTabs = tellsTabs
  }

  /** @param options `may`: by what refused edits are compared; null: `judgeBy` will say */
  open(who: Principal, options: { readonly isUp?: boolean; readonly may?: MayChange | null } = {}): ComputerTab {
    const { isUp = true, may = mayWrite(who) } = options
    const line = new Line(this.house, this.document, who)
    line.isUp = isUp
    const locks: CopyLocks = {
      areTold: this.#tellsTabs,
      tryHold: async (name) => {
        if (this.#tellsTabs && this.#held.has(name)) return null
        this.#held.set(name, tab)
        return () => this.#held.delete(name)
      },
    }
    const connection = new Connection({
      serverUrl: 'ws://house/sync',
      document: this.document,
      clock: this.house.clock,
      random: seededRandom(this.#opened.length + 1),
      WebSocket: line.WebSocket,
      device: { personId: who.personId, copy: `copy-${this.#opened.length}`, locks },
      may,
    })
    const tab = { line, connection }
    this.#opened.push(connection)
    return tab
  }

  /** Closes every tab that was ever opened. */
  off(): void {
    for (const tab of this.#opened) tab.close()
  }

  /**
   * The page is gone in the middle of whatever it did. What it had handed to the disk is there, because the browser writes
   * on; nothing more of it reaches the network.
   */
  async crash(tab: ComputerTab): Promise<void> {
    tab.line.cut()
    await this.house.settle()
    await tab.connection.flush()
    for (const [name, holder] of this.#held) if (holder === tab) this.#held.delete(name)
  }
}

export interface ComputerTab {
  readonly line: Line
  readonly connection: Connection
}
