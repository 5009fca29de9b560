import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import { FILM } from '@dongbo/testkit/matrices.ts'
import { person } from '@dongbo/testkit/people.ts'
import type { Seat } from '@dongbo/testkit/seats.ts'
import { Town, type NodeHouse } from '@dongbo/testkit/town.ts'

const NODES = 3
const SEATS_A_NODE = 2
const STEPS = 120
/** Longer than a lease, and than whoever waits for an answer waits. */
const CALM_MS = 15_000

interface Writer {
  readonly seat: Seat
  readonly node: NodeHouse
  /** One letter an edit, each of which no other edit writes; an answer to the server's question adds none. */
  readonly messages: string[]
  acknowledged: number
  refused: boolean
}

/** Three nodes of whom any may lose the bus or stand still, a bus that delivers late, out of step or not at all. */
class Weather {
  readonly town = new Town(NODES)
  readonly writers: Writer[] = []
  readonly script: string[] = []
  readonly #random: Random
  readonly #frozen = new Set<NodeHouse>()
  #letters = 0
  #losing = 0

  constructor(seed: number) {
    this.#random = seededRandom(seed)
    this.town.hub.isPrompt = false
    this.town.hub.loses = () => this.#losing > 0 && this.#losing-- > 0
  }

  async open(): Promise<DocumentName> {
    const [first] = this.town.nodes
    if (first === undefined) throw new Error('there are three')
    const document = await first.house.create()
    for (const node of this.town.nodes) {
      for (let count = 0; count < SEATS_A_NODE; count++) {
        const personId = trustedId<PersonId>(`writer-${this.writers.length}`)
        const principal = person({ planRole: 'coordinator', personId })
        const seat = await this.town.enter(node, document, principal)
        this.writers.push({ seat, node, messages: [], acknowledged: 0, refused: false })
      }
    }
    return document
  }

  async step(): Promise<void> {
    const node = this.#any(this.town.nodes)
    switch (this.#random.below(12)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return this.#write(this.#any(this.writers))
      case 4:
      case 5:
        for (let count = this.#random.below(4); count >= 0; count--) this.town.hub.deliverOne(this.#random)
        return
      case 6:
        this.#note(`settle ${node.id}`)
        return await this.town.settle(...this.#running([node]))
      case 7:
        this.#losing = this.#random.below(3)
        return this.#note(`lose ${this.#losing}`)
      case 8:
        node.bus.connected = !node.bus.connected
        return this.#note(`${node.id} ${node.bus.connected ? 'on' : 'off'} the bus`)
      case 9:
        return this.#freezeOrThaw(node)
      case 10: {
        const ms = this.#random.below(1_500)
        this.#note(`${ms} ms pass`)
        return await this.town.pass(ms, ...this.#running(this.town.nodes))
      }
      default:
        this.town.hub.deliver()
        return this.#note('deliver all')
    }
  }

  /** What was acknowledged is durable. */
  async acknowledgedIsDurable(document: DocumentName): Promise<void> {
    for (const writer of this.writers) this.#listen(writer)
    const durable = await this.title(document)
    for (const { messages, acknowledged } of this.writers) {
      const missing = messages.slice(0, acknowledged).filter((letter) => !durable.includes(letter))
      if (missing.length > 0) throw new Error(`acknowledged and not durable: ${missing.join('')}`)
    }
  }

  /** Every client id in the log is his who wrote under it. */
  everyClientIdHasItsOwner(document: DocumentName): void {
    const kept = this.town.nodes[0]?.house.log.kept.documents.get(document)
    for (const { seq, personId, update } of kept?.entries ?? []) {
      if (personId === null) continue
      for (const clientId of Y.parseUpdateMeta(update).from.keys()) {
        const owner = kept?.owners.get(clientId) ?? 'nobody'
        if (owner !== personId) throw new Error(`entry ${seq} of ${personId} is under a client id of ${owner}`)
      }
    }
  }

  async calm(document: DocumentName): Promise<void> {
    for (const node of this.#frozen) this.#freezeOrThaw(node)
    this.#losing = 0
    for (const node of this.town.nodes) node.bus.connected = true
    this.town.hub.isPrompt = true
    this.town.hub.deliver()
    await this.town.pass(CALM_MS)
    await this.town.look()
    // Questions that came last are answered, and the answers judged.
    await this.acknowledgedIsDurable(document)
    await this.town.pass(CALM_MS)
  }

  async title(document: DocumentName): Promise<string> {
    const [first] = this.town.nodes
    if (first === undefined) throw new Error('there are three')
    return readTask(await first.house.durable(document), FILM)?.titleVi ?? ''
  }

  #listen(writer: Writer): void {
    for (const heard of writer.seat.take()) {
      if (heard.type === 'saved') writer.acknowledged = heard.count
      if (heard.type === 'refused') writer.refused = true
      if (heard.type !== 'asks' || writer.messages.length === 0) continue
      writer.messages.push('')
      writer.seat.answer(heard.bytes)
    }
  }

  #write(writer: Writer): void {
    const letter = String.fromCodePoint(0x4e00 + this.#letters++)
    writer.messages.push(letter)
    writer.seat.edit((matrix) => editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 0, insert: letter }, null))
    this.#note(`${letter} on ${writer.node.id}`)
  }

  /** A frozen node neither hears nor speaks, its clock stands still, and what it asks of the database stays open. */
  #freezeOrThaw(node: NodeHouse): void {
    const { log } = node.house
    if (this.#frozen.delete(node)) {
      this.#note(`${node.id} wakes`)
      log.holdsAppends = false
      while (log.isHolding) log.release()
      node.bus.connected = true
    } else {
      this.#note(`${node.id} freezes`)
      this.#frozen.add(node)
      log.holdsAppends = true
      node.bus.connected = false
    }
  }

  #running(nodes: readonly NodeHouse[]): readonly NodeHouse[] {
    const running = nodes.filter((node) => !this.#frozen.has(node))
    return running.length > 0 ? running : this.town.nodes
  }

  #any<Thing>(things: readonly Thing[]): Thing {
    const thing = things[this.#random.below(things.length)]
    if (thing === undefined) throw new Error('nothing to choose from')
    return thing
  }

  #note(what: string): void {
    this.script.push(what)
  }
}

test.each(Array.from({ length: 60 }, (_, index) => index + 1))(
  'seed %i: nodes and bus fail in any order; nothing acknowledged is lost, nothing is doubled, no socket closes, all end the same',
  async (seed) => {
    const weather = new Weather(seed)
    const document = await weather.open()
    try {
      for (let at = 0; at < STEPS; at++) {
        await weather.step()
        await weather.acknowledgedIsDurable(document)
        weather.everyClientIdHasItsOwner(document)
      }
      await weather.calm(document)
      await weather.acknowledgedIsDurable(document)
      const durable = await weather.title(document)
      const { writers, town } = weather
      const written = writers.flatMap(({ messages }) => messages.filter((letter) => letter !== ''))
      expect(Array.from(durable.slice(0, written.length)).toSorted()).toEqual(written.toSorted())
      expect(
        writers.map(({ seat, refused, acknowledged }) => [
          readTask(seat.matrix, FILM)?.titleVi,
          seat.closed,
          refused,
          acknowledged,
        ]),
      ).toEqual(writers.map((writer) => [durable, null, false, writer.messages.length]))
      expect(town.nodes.flatMap(({ house }) => house.reports)).toEqual([])
      expect(town.ignoredNotices).toBe(0)
    } catch (error) {
      throw new Error(`seed ${seed}: ${weather.script.join('; ')}`, { cause: error })
    }
  },
)
