import * as Y from 'yjs'
import type { Random } from '@dongbo/kernel/random.ts'
import { pick } from './mutations.ts'
import { encodeRaw, rawItem, type Place, type Range, type Struct } from './rawUpdate.ts'

/** A spot of a document as a hostile client sees it: a key of a map, or the inside of a text, with all that ever stood there. */
interface Spot {
  readonly parent: string | Y.ID
  readonly key: string | null
  readonly ids: readonly Y.ID[]
}

/** Everything in a document that an update can refer to. */
export interface Sights {
  readonly spots: readonly Spot[]
  /** Containers, living or gone. */
  readonly containers: readonly Y.ID[]
  /** Clocks that every client id has got to. */
  readonly clocks: ReadonlyMap<number, number>
}

export function sightsOf(doc: Y.Doc): Sights {
  const spots = new Map<string, { parent: string | Y.ID; key: string | null; ids: Y.ID[] }>()
  const containers: Y.ID[] = []
  const clocks = new Map<number, number>()
  for (const [client, structs] of doc.store.clients) {
    clocks.set(client, Y.getState(doc.store, client))
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || !(struct.parent instanceof Y.AbstractType)) continue
      if (struct.content instanceof Y.ContentType || struct.content instanceof Y.ContentDeleted)
        containers.push(struct.id)
      const parent = struct.parent._item?.id ?? Y.findRootTypeKey(struct.parent)
      const name = JSON.stringify([parent, struct.parentSub])
      const spot = spots.get(name) ?? { parent, key: struct.parentSub, ids: [] }
      spots.set(name, spot)
      // Its beginning, and where Yjs would have to cut it.
      spot.ids.push(struct.id, Y.createID(client, struct.id.clock + (struct.length >> 1)))
    }
  }
  return { spots: [...spots.values()], containers, clocks }
}

/** Far beyond what anybody has written, and what a number can hold. */
const HUGE = [2 ** 20, 2 ** 31 - 1, 2 ** 32, 2 ** 52]

/**
 * An update put together struct by struct from what the sender sees, with clocks that fit: unlike mutated bytes it reaches
 * the last stages of a gate. Each scenario is a way in that was tried, or that Yjs would go along with.
 */
export function hostileUpdate(random: Random, sights: Sights, client: number): Uint8Array {
  const made = new Made(random, sights, client)
  for (let times = 1 + random.below(3); times > 0; times--) scenario(random, made)
  if (random.below(3) === 0) made.erase()
  return encodeRaw(made)
}

function scenario(random: Random, made: Made): void {
  const [one, other] = [made.spot(), made.spot()]
  switch (random.below(14)) {
    case 0: // begins in one row and ends in another
      return made.add({ origin: made.idIn(one), rightOrigin: made.idIn(other) })
    case 1: // neighbours of one place in any order
      return made.add({ origin: made.idIn(one), rightOrigin: made.idIn(one) })
    case 2: // a chain that ends elsewhere
      made.add({ origin: made.idIn(one) })
      made.add({ origin: made.last() })
      return made.add({ origin: made.last(), rightOrigin: made.idIn(other) })
    case 3: // containers in containers
      made.add({ parent: one.parent, key: one.key ?? 'x' }, new Y.ContentType(new Y.Map<unknown>()))
      for (let depth = random.below(40); depth > 0; depth--) {
        made.add({ parent: made.last(), key: pick(random, ['titleVi', 'x', '__proto__']) }, madeUpType(random))
      }
      return made.add({ parent: made.last(), key: random.below(2) === 0 ? null : 'x' })
    case 4: // into containers that may be gone, or are none
      return made.add({ parent: made.anyContainer(), key: random.below(2) === 0 ? one.key : null })
    case 5: // a key moved: behind what stands under another
      return made.add({ origin: made.idIn(one), parent: other.parent, key: other.key }, value(random))
    case 6: // several values under one key, beside or behind each other
      for (let values = 1 + random.below(4); values > 0; values--) {
        made.add(
          random.below(2) === 0 ? { origin: made.idIn(one) } : { parent: one.parent, key: one.key },
          value(random),
        )
      }
      return
    case 7: // lengths that nobody has written
      return made.put(
        random.below(2) === 0
          ? new Y.GC(made.next(), pick(random, HUGE))
          : rawItem(made.client, made.clock, new Y.ContentDeleted(pick(random, HUGE)), { origin: made.idIn(one) }),
      )
    case 8: // a document in the document
      return made.add({ parent: one.parent, key: one.key }, new Y.ContentDoc(new Y.Doc({ guid: 'x' })))
    case 9: // a gap, or what is there already told anew
      made.clock = Math.max(0, made.clock + random.below(7) - 4)
      return made.add({ origin: made.idIn(one) })
    case 10: // under somebody else's id, beside one's own
      made.add({ origin: made.idIn(one) })
      return made.forge({ origin: random.below(2) === 0 ? made.last() : made.idIn(other) })
    case 11: // marks
      for (let marks = random.below(70); marks > 0; marks--) {
        made.add({ origin: made.idIn(one) }, new Y.ContentFormat(pick(random, ['bold', 'insertion']), { id: marks }))
      }
      return
    case 12: // what stands there honestly, so that the rest is looked at
      return made.add({ parent: one.parent, key: one.key }, value(random))
    default:
      return made.add({ origin: made.idIn(one) })
  }
}

type Content = Y.Item['content']

function value(random: Random): Content {
  const values = [null, 0, 50, 'draft', 'in_progress', 'submitted', '2026-12-01', ['coordinate'], ['approve'], 'sdl']
  return new Y.ContentAny(Array.from({ length: random.below(9) === 0 ? 2 : 1 }, () => pick(random, values)))
}

function madeUpType(random: Random): Content {
  return new Y.ContentType(
    pick(random, [new Y.Map<unknown>(), new Y.Text(), new Y.Array<unknown>(), new Y.XmlElement('p')]),
  )
}

class Made {
  readonly structs: Struct[] = []
  readonly deletes = new Map<number, Range[]>()
  readonly client: number
  clock: number
  readonly #random: Random
  readonly #sights: Sights

  constructor(random: Random, sights: Sights, client: number) {
    this.#random = random
    this.#sights = sights
    this.client = client
    this.clock = sights.clocks.get(client) ?? 0
  }

  spot(): Spot {
    return pick(this.#random, this.#sights.spots)
  }

  idIn(spot: Spot): Y.ID {
    return pick(this.#random, spot.ids)
  }

  anyContainer(): Y.ID {
    const { containers } = this.#sights
    return containers.length === 0 ? this.idIn(this.spot()) : pick(this.#random, containers)
  }

  next(): Y.ID {
    return Y.createID(this.client, this.clock)
  }

  last(): Y.ID {
    return Y.createID(this.client, Math.max(0, this.clock - 1))
  }

  add(place: Place, content: Content = letters(this.#random)): void {
    this.put(rawItem(this.client, this.clock, content, place))
  }

  put(struct: Struct): void {
    this.structs.push(struct)
    this.clock += struct.length
  }

  /** A struct of somebody else's, at the clock that he would use next or one that he has used. */
  forge(place: Place): void {
    const [client, clock] = pick(this.#random, [...this.#sights.clocks])
    if (client === this.client || this.structs.some(({ id }) => id.client === client)) return
    this.structs.push(rawItem(client, Math.max(0, clock - this.#random.below(2)), letters(this.#random), place))
  }

  /** Deletes something known, something of this update, both at once, or what is yet to come. */
  erase(): void {
    const { client, clock } = this.#random.below(2) === 0 ? this.idIn(this.spot()) : this.last()
    const len = this.#random.below(6) === 0 ? pick(this.#random, [400, ...HUGE]) : 1 + this.#random.below(4)
    this.deletes.set(client, [{ clock: Math.max(0, clock - this.#random.below(3)), len }])
  }
}

function letters(random: Random): Content {
  return new Y.ContentString(pick(random, ['x', 'đường', '🎬', 'một đoạn dài hơn']))
}
