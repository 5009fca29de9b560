import type { Random } from '@dongbo/kernel/random.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import type { ClientIds } from '../ports/clientIds.ts'

/**
 * The client ids that the live sockets of one document write under. Two copies that write different things under one id
 * and clock could never be brought together again, so an id is leased to one socket at a time, and comes back to others
 * only when its copy says that it goes and that everything is durable.
 */
export class ClientLeases {
  readonly #document: DocumentName
  readonly #ids: ClientIds
  readonly #random: Random
  readonly #isWrittenUnder: (clientId: number) => boolean
  readonly #catchUp: () => Promise<void>
  readonly #held = new Set<number>()

  /**
   * @param isWrittenUnder whether the document knows a client id
   * @param catchUp resolves once everything is known here that is durable now
   */
  constructor(
    document: DocumentName,
    ids: ClientIds,
    random: Random,
    isWrittenUnder: (clientId: number) => boolean,
    catchUp: () => Promise<void>,
  ) {
    this.#document = document
    this.#ids = ids
    this.#random = random
    this.#isWrittenUnder = isWrittenUnder
    this.#catchUp = catchUp
  }

  /**
   * @param presented the id that a copy of this person's has written under, or null: it keeps it, unless another socket
   *   holds it just now (a duplicated tab) or it is somebody else's
   */
  async lease(person: PersonId, presented: number | null): Promise<number> {
    if (presented !== null && (await this.#holds(person, presented))) return presented
    const free = await this.#ids.take(this.#document, person)
    // What was last written under it may have come in by another node: a copy without that would write its clocks anew.
    if (free !== null) await this.#catchUp()
    const leased = free === null || this.#held.has(free) ? this.#newId() : free
    this.#held.add(leased)
    return leased
  }

  /** The socket is gone. Its copy may hold edits that nobody has seen, so the id stays its own. */
  leave(clientId: number): void {
    this.#held.delete(clientId)
  }

  /** Nobody writes under it any more, and everything is durable: another tab of this person may have it. */
  async free(person: PersonId, clientId: number): Promise<void> {
    this.#held.delete(clientId)
    await this.#ids.free(this.#document, person, clientId)
  }

  async #holds(person: PersonId, clientId: number): Promise<boolean> {
    if (this.#held.has(clientId)) return false
    // Reserved before the store is asked: the other of two tabs may present it meanwhile.
    this.#held.add(clientId)
    let holds = false
    try {
      holds = await this.#ids.hold(this.#document, person, clientId)
    } finally {
      if (!holds) this.#held.delete(clientId)
    }
    return holds
  }

  #newId(): number {
    let id: number
    do id = this.#random.below(0xffff_ffff) + 1
    while (this.#held.has(id) || this.#isWrittenUnder(id))
    return id
  }
}
