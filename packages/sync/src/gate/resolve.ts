import * as Y from 'yjs'
import { err, ok, type Result } from '@dongbo/kernel/result.ts'
import type { Path } from '@dongbo/model/documentChange.ts'
import { pathOf, type Container } from '@dongbo/model/containerPath.ts'
import { isAlive, NeighbourOrder, storedStruct } from './place.ts'
import { Placement } from './placement.ts'

/**
 * Containers in containers. A matrix is two deep, a rich text some six; every reader of a document walks down by calling
 * itself, and thousands would end that with an error.
 */
const NESTING_LIMIT = 32

/** Where a struct lands: in a container under a key (null for a member of a text or list), or nowhere. */
export type Landing =
  | { readonly in: 'stored'; readonly path: Path; readonly key: string | null; readonly container: Container }
  | { readonly in: 'fresh'; readonly path: Path; readonly key: string | null; readonly container: Arrival }
  /** Its container is gone: Yjs keeps only its clock ticks. */
  | { readonly in: 'nowhere' }

/** A struct of the update; the document has none of it yet. */
export interface Arrival {
  readonly client: number
  readonly clock: number
  readonly length: number
  readonly struct: Y.Item | Y.GC
  landing: Landing | null
}

export type Unresolvable = 'gap' | 'unresolvable' | 'malformed'

/**
 * Resolves every new struct of an update to the place where Yjs will put it, through its neighbours and its parent, in
 * the document and in the update itself, exactly as `Item.getMissing` does (yjs 13 `src/structs/Item.js`).
 */
export function resolveArrivals(
  doc: Y.Doc,
  structs: readonly (Y.Item | Y.GC | Y.Skip)[],
): Result<ReadonlyMap<number, readonly Arrival[]>, Unresolvable> {
  const arrivals = collect(doc, structs)
  if (!arrivals.ok) return arrivals
  const byClient = arrivals.value
  const order = new NeighbourOrder(doc)
  const placement = new Placement(doc, (id) => arrivalAt(byClient, id))
  const ready = [...byClient.keys()]
  const waiting = new Waiting()
  let landed = 0
  // As Yjs does: each client's structs in order. Who waits for another is woken once, when that one has landed: asking
  // everybody again and again would cost seconds in a chain that runs across hundreds of clients.
  const next = new Map<number, number>()
  for (let client = ready.pop(); client !== undefined; client = ready.pop()) {
    const queue = byClient.get(client) ?? []
    let index = next.get(client) ?? 0
    for (let arrival = queue[index]; arrival !== undefined; arrival = queue[++index]) {
      const landing = land(doc, order, byClient, arrival)
      if (landing instanceof Y.ID) {
        waiting.add(landing, client)
        break
      }
      if (!landing.ok) return landing
      if (!placement.put(arrival, landing.value)) return err('unresolvable')
      arrival.landing = landing.value
      landed++
      waiting.wake(arrival, ready)
    }
    next.set(client, index)
  }
  let all = 0
  for (const queue of byClient.values()) all += queue.length
  return landed < all ? err('unresolvable') : ok(byClient)
}

/** Clients whose next struct waits for a struct of another client. */
class Waiting {
  readonly #byClient = new Map<number, { readonly clock: number; readonly client: number }[]>()

  add(struct: Y.ID, client: number): void {
    const known = this.#byClient.get(struct.client)
    if (known === undefined) this.#byClient.set(struct.client, [{ clock: struct.clock, client }])
    else known.push({ clock: struct.clock, client })
  }

  /** Moves to `ready` whoever waited for this. */
  wake({ client, clock, length }: Arrival, ready: number[]): void {
    const waiting = this.#byClient.get(client)
    if (waiting === undefined || waiting.length === 0) return
    const still = waiting.filter((one) => one.clock >= clock + length)
    if (still.length === waiting.length) return
    for (const one of waiting) if (one.clock < clock + length) ready.push(one.client)
    this.#byClient.set(client, still)
  }
}

function collect(
  doc: Y.Doc,
  structs: readonly (Y.Item | Y.GC | Y.Skip)[],
): Result<ReadonlyMap<number, Arrival[]>, Unresolvable> {
  const byClient = new Map<number, Arrival[]>()
  for (const struct of structs) {
    if (!(struct instanceof Y.Item || struct instanceof Y.GC)) return err('malformed')
    const { client, clock } = struct.id
    const known = Y.getState(doc.store, client)
    const queue = byClient.get(client)
    const last = queue?.at(-1)
    const expected = last === undefined ? known : last.clock + last.length
    if (clock > expected) return err('gap')
    const arrival: Arrival = { client, clock, length: struct.length, struct, landing: null }
    if (queue === undefined) byClient.set(client, [arrival])
    else queue.push(arrival)
  }
  return ok(byClient)
}

/** Where the neighbour stands; its id while it has not landed itself. */
type Neighbour = Landing | Y.ID | 'missing'

function land(
  doc: Y.Doc,
  order: NeighbourOrder,
  byClient: ReadonlyMap<number, readonly Arrival[]>,
  arrival: Arrival,
): Result<Landing, Unresolvable> | Y.ID {
  const { struct } = arrival
  if (struct instanceof Y.GC) return ok({ in: 'nowhere' })
  const { origin, rightOrigin } = struct
  if (origin === null && rightOrigin === null) return parentOf(doc, byClient, struct)
  const left = origin === null ? null : neighbourAt(doc, byClient, origin)
  if (left instanceof Y.ID) return left
  const right = rightOrigin === null ? null : neighbourAt(doc, byClient, rightOrigin)
  if (right instanceof Y.ID) return right
  if (left === 'missing' || right === 'missing') return err('gap')
  const place = left ?? right
  if (place === null) return err('unresolvable')
  if (place.in === 'nowhere' || right?.in === 'nowhere') {
    // Beside a dead neighbour Yjs still cuts the living one at its letter: nobody else would see the cut.
    return landsAlive(place) || (right !== null && landsAlive(right)) ? err('unresolvable') : ok({ in: 'nowhere' })
  }
  if (right !== null && !sameSpot(place, right)) return err('unresolvable')
  // Under a key Yjs only ever appends; a right neighbour would put the value where it hides behind another.
  if (place.key !== null && rightOrigin !== null) return err('unresolvable')
  const bothStored = origin !== null && rightOrigin !== null && isStored(doc, origin) && isStored(doc, rightOrigin)
  return bothStored && !order.stands(origin, rightOrigin) ? err('unresolvable') : ok(place)
}

function isStored(doc: Y.Doc, { client, clock }: Y.ID): boolean {
  return clock < Y.getState(doc.store, client)
}

function sameSpot(a: Landing, b: Landing): boolean {
  return a.in !== 'nowhere' && b.in !== 'nowhere' && a.container === b.container && a.key === b.key
}

/** Where the struct that covers `id` stands: a newcomer beside it lands in the same container under the same key. */
function neighbourAt(doc: Y.Doc, byClient: ReadonlyMap<number, readonly Arrival[]>, id: Y.ID): Neighbour {
  const stored = storedStruct(doc, id)
  if (stored !== null) return standing(stored)
  const arrival = arrivalAt(byClient, id)
  if (arrival === null) return 'missing'
  return arrival.landing ?? id
}

function standing(stored: Y.Item | Y.GC): Landing {
  if (!(stored instanceof Y.Item)) return { in: 'nowhere' }
  const container = stored.parent
  if (!(container instanceof Y.AbstractType)) return { in: 'nowhere' }
  return { in: 'stored', path: pathOf(container), key: stored.parentSub, container }
}

function parentOf(
  doc: Y.Doc,
  byClient: ReadonlyMap<number, readonly Arrival[]>,
  item: Y.Item,
): Result<Landing, Unresolvable> | Y.ID {
  const key = item.parentSub
  // Before integration Yjs holds the root's name or the id of the container's item here, whatever its types say.
  const parent: unknown = item.parent
  if (typeof parent === 'string') {
    const root = doc.share.get(parent)
    // A root that no document of this kind has: named in the refusal, and never created.
    if (root === undefined) return ok({ in: 'stored', path: [parent], key, container: UNKNOWN_ROOT })
    return ok({ in: 'stored', path: [parent], key, container: root })
  }
  if (!(parent instanceof Y.ID)) return err('malformed')
  const stored = storedStruct(doc, parent)
  if (stored !== null) {
    if (!(stored instanceof Y.Item) || stored.content instanceof Y.ContentDeleted) return ok({ in: 'nowhere' })
    if (!(stored.content instanceof Y.ContentType)) return err('unresolvable')
    const container = stored.content.type
    const path = pathOf(container)
    return path.length > NESTING_LIMIT ? err('unresolvable') : ok({ in: 'stored', path, key, container })
  }
  const arrival = arrivalAt(byClient, parent)
  if (arrival === null) return err('gap')
  if (arrival.landing === null) return parent
  if (arrival.landing.in === 'nowhere') return ok({ in: 'nowhere' })
  if (!(arrival.struct instanceof Y.Item)) return ok({ in: 'nowhere' })
  if (arrival.struct.content instanceof Y.ContentDeleted) return ok({ in: 'nowhere' })
  if (!(arrival.struct.content instanceof Y.ContentType)) return err('unresolvable')
  if (arrival.landing.path.length >= NESTING_LIMIT) return err('unresolvable')
  const path = [...arrival.landing.path, arrival.landing.key ?? '*']
  return ok({ in: 'fresh', path, key, container: arrival })
}

const UNKNOWN_ROOT: Container = new Y.AbstractType()

function arrivalAt(byClient: ReadonlyMap<number, readonly Arrival[]>, id: Y.ID): Arrival | null {
  const queue = byClient.get(id.client) ?? []
  let low = 0
  let high = queue.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const arrival = queue[middle]
    if (arrival === undefined) return null
    if (id.clock < arrival.clock) high = middle - 1
    else if (id.clock >= arrival.clock + arrival.length) low = middle + 1
    else return arrival
  }
  return null
}

/** Whether a landing is in a root that no document of this kind has. */
export function isUnknownRoot(landing: Landing): boolean {
  return landing.in === 'stored' && landing.container === UNKNOWN_ROOT
}

/** Whether the container that a landing names lives, so that what lands there is seen. */
export function landsAlive(landing: Landing): boolean {
  if (landing.in === 'nowhere') return false
  return landing.in === 'stored' ? landing.container === UNKNOWN_ROOT || isAlive(landing.container) : true
}
