import * as Y from 'yjs'
import { storedStruct } from './place.ts'
import type { Arrival, Landing } from './resolve.ts'

/**
 * Members that Yjs may have to pass, in all, to find the places of one update. What a client sends right after typing
 * passes none; a day of offline work beside others' passes some thousands.
 */
const STEPS_LIMIT = 50_000

/**
 * Foretells what it will cost Yjs to place newcomers. Between its neighbours a newcomer is compared with everything that
 * others have put there (`Item.integrate`), so a few hundred bytes that name far-off neighbours again and again would
 * hold up the whole server. Keeps, beside the document, who stands behind whom once the newcomers so far are in.
 */
export class Placement {
  readonly #doc: Y.Doc
  readonly #arrivalAt: (id: Y.ID) => Arrival | null
  /** Where it differs from the document: what stands behind a unit. */
  readonly #behind = new Map<number, Map<number, Y.ID | null>>()
  readonly #first = new Map<object, Map<string | null, Y.ID>>()
  /** Clocks behind which a struct is cut in two by a newcomer, ascending. */
  readonly #cuts = new Map<object, number[]>()
  #steps = 0

  constructor(doc: Y.Doc, arrivalAt: (id: Y.ID) => Arrival | null) {
    this.#doc = doc
    this.#arrivalAt = arrivalAt
  }

  /** Puts a newcomer in its place. False when that would cost more than any honest update does. */
  put(arrival: Arrival, landing: Landing): boolean {
    const { struct } = arrival
    if (!(struct instanceof Y.Item) || landing.in === 'nowhere') return true
    const { origin, rightOrigin } = struct
    let left = origin
    let next = this.#after(left, landing)
    while (next !== null && !isSame(next, rightOrigin)) {
      if (++this.#steps > STEPS_LIMIT) return false
      left = this.#endOfPiece(next, rightOrigin)
      next = this.#after(left, landing)
    }
    if (left === null) this.#setFirst(landing, arrival)
    else {
      this.#cut(left)
      this.#setBehind(left.client, left.clock, arrival.struct.id)
    }
    this.#setBehind(arrival.client, arrival.clock + arrival.length - 1, next)
    return this.#steps <= STEPS_LIMIT
  }

  /** The unit behind `left`, or the first of the list. */
  #after(left: Y.ID | null, landing: Exclude<Landing, { in: 'nowhere' }>): Y.ID | null {
    if (left === null) return this.#first.get(landing.container)?.get(landing.key) ?? this.#storedFirst(landing)
    const changed = this.#behind.get(left.client)?.get(left.clock)
    if (changed !== undefined) return changed
    const struct = this.#structAt(left)
    if (struct === null) return null
    if (left.clock < endOf(struct)) return Y.createID(left.client, left.clock + 1)
    return struct instanceof Y.Item ? (struct.right?.id ?? null) : null
  }

  #storedFirst(landing: Exclude<Landing, { in: 'nowhere' }>): Y.ID | null {
    if (landing.in === 'fresh') return null
    const { container, key } = landing
    if (key === null) return container._start?.id ?? null
    let first = container._map.get(key) ?? null
    for (; first !== null && first.left !== null; first = first.left) this.#steps++
    return first?.id ?? null
  }

  #setBehind(client: number, clock: number, id: Y.ID | null): void {
    const known = this.#behind.get(client)
    if (known === undefined) this.#behind.set(client, new Map([[clock, id]]))
    else known.set(clock, id)
  }

  #setFirst(landing: Exclude<Landing, { in: 'nowhere' }>, { struct }: Arrival): void {
    const firsts = this.#first.get(landing.container) ?? new Map<string | null, Y.ID>()
    this.#first.set(landing.container, firsts.set(landing.key, struct.id))
  }

  /** The last unit of the piece that begins at `id`: up to a cut, to the right neighbour, or to the end of its struct. */
  #endOfPiece(id: Y.ID, right: Y.ID | null): Y.ID {
    const struct = this.#structAt(id)
    if (struct === null) return id
    let end = endOf(struct)
    const cuts = this.#cuts.get(struct)
    const cut = cuts?.[firstAtLeast(cuts, id.clock)]
    if (cut !== undefined && cut < end) end = cut
    if (right !== null && right.client === id.client && right.clock > id.clock && right.clock <= end) {
      end = right.clock - 1
    }
    return Y.createID(id.client, end)
  }

  #cut(id: Y.ID): void {
    const struct = this.#structAt(id)
    if (struct === null || id.clock === endOf(struct)) return
    const cuts = this.#cuts.get(struct) ?? []
    const at = firstAtLeast(cuts, id.clock)
    if (cuts[at] !== id.clock) cuts.splice(at, 0, id.clock)
    this.#cuts.set(struct, cuts)
  }

  #structAt(id: Y.ID): Y.Item | Y.GC | Arrival | null {
    return storedStruct(this.#doc, id) ?? this.#arrivalAt(id)
  }
}

function endOf(struct: Y.Item | Y.GC | Arrival): number {
  return ('id' in struct ? struct.id.clock : struct.clock) + struct.length - 1
}

function isSame(id: Y.ID, other: Y.ID | null): boolean {
  return other !== null && id.client === other.client && id.clock === other.clock
}

/** Index of the first number that is not smaller, in an ascending list. */
function firstAtLeast(numbers: readonly number[], least: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? 0) < least) low = middle + 1
    else high = middle
  }
  return low
}
