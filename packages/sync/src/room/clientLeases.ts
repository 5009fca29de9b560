import type { Random } from '@dongbo/kernel/random.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import type { ClientIds, Holding } from '../ports/clientIds.ts'

interface Leased {
  readonly clientId: number
  /**
   * The id that the copy has written under, when somebody else may have written something else under it too: it must then
   * show everything that it has there. Asked for what comes behind what is known, it would send nothing, or an end without
   * its beginning, and its edits were gone without a word. Shown whole, a difference is refused with `client-id-taken`
   * (`gate/known.ts`), and the client writes its edits again under another id.
   */
  readonly doubted: number | null
}

/**
 * The client ids that the live sockets of one document write under. Two copies that write different things under one id
 * and clock could never be brought together again, so an id is leased to one socket at a time, and comes back to others
 * only when its copy says that it goes and that everything is durable, or when nobody has held it for thirty days.
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
  async lease(person: PersonId, presented: number | null): Promise<Leased> {
    const holding = presented === null ? 'not-its-own' : await this.#hold(person, presented)
    if (presented !== null && holding !== 'not-its-own') {
      return { clientId: presented, doubted: holding === 'passed-on' ? presented : null }
    }
    const free = await this.#ids.take(this.#document, person)
    // What was last written under it may have come in by another node: a copy without that would write its clocks anew.
    if (free !== null) await this.#catchUp()
    const leased = free === null || this.#held.has(free) ? this.#newId() : free
    this.#held.add(leased)
    return { clientId: leased, doubted: presented }
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

  async #hold(person: PersonId, clientId: number): Promise<Holding> {
    if (this.#held.has(clientId)) return 'not-its-own'
    // Reserved before the store is asked: the other of two tabs may present it meanwhile.
    this.#held.add(clientId)
    let holding: Holding = 'not-its-own'
    try {
      holding = await this.#ids.hold(this.#document, person, clientId)
    } finally {
      if (holding === 'not-its-own') this.#held.delete(clientId)
    }
    return holding
  }

  #newId(): number {
    let id: number
    do id = this.#random.below(0xffff_ffff) + 1
    while (this.#held.has(id) || this.#isWrittenUnder(id))
    return id
  }
}
