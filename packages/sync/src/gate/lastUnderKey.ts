import * as Y from 'yjs'
import { storedStruct } from './place.ts'
import type { Arrival } from './resolve.ts'

/** Stored neighbours beside which newcomers stand under one key: an honest update has one or two. */
const PLACES_LIMIT = 64
/** Steps back through what stood under a key: honest newcomers stand close to the end. */
const STEPS_LIMIT = 5_000

/**
 * Everything that was ever put under a key stands in one line; its last member is the value. Finds who will be last once
 * the newcomers are in, as Yjs orders them (`Item.integrate`): a newcomer stands behind its left neighbour; of several
 * beside the same neighbour the one with the higher client id, with all that stands behind it, comes later.
 *
 * Right neighbours play no part: no honest client names one under a key, and `resolveArrivals` refuses it.
 *
 * @param standing who is last now, or null when nothing ever stood there
 * @param newcomers all arrivals under this key, at least one
 * @returns the last one, or null when no honest update looks like this
 */
export function lastUnderKey(
  doc: Y.Doc,
  standing: Y.Item | null,
  newcomers: readonly Arrival[],
): Arrival | 'standing' | null {
  const appended = lastOfChain(standing, newcomers)
  if (appended !== null) return appended
  const { besideStored, besideNewcomers, first } = neighbours(newcomers)
  // A neighbour that is no end of anything: the middle of a newcomer, or too many places to look at.
  if (besideStored.length > PLACES_LIMIT || besideNewcomers === null) return null
  let last: Arrival | null = null
  // From the end of the line to its beginning: who beats a rival there passes everything that stands behind the rival.
  let rival = -1
  let steps = 0
  for (let at = standing?.lastId ?? null; at !== null; steps++) {
    const item = storedStruct(doc, at)
    if (steps > STEPS_LIMIT || !(item instanceof Y.Item)) return null
    const { client, clock } = at
    last = better(besideStored, client, clock, clock, rival) ?? last
    // A merged tombstone holds several members of the line, each the left neighbour of the next.
    last = better(besideStored, client, item.id.clock, clock - 1, client) ?? last
    rival = client
    at = item.origin
  }
  if (first !== null && first.client > rival) last = first
  if (last === null) return standing === null ? null : 'standing'
  for (let next: Arrival | undefined = last; next !== undefined; next = besideNewcomers.get(endOf(next))) last = next
  return last
}

/**
 * The usual case, answered without a walk through all that ever stood under the key: each newcomer stands right behind
 * the one before it, the first behind who is last now. Null when it is not so.
 */
function lastOfChain(standing: Y.Item | null, newcomers: readonly Arrival[]): Arrival | null {
  let end = standing?.lastId ?? null
  let last: Arrival | null = null
  for (const newcomer of newcomers) {
    if (!Y.compareIDs(leftOf(newcomer), end)) return null
    end = Y.createID(newcomer.client, newcomer.clock + newcomer.length - 1)
    last = newcomer
  }
  return last
}

interface Beside {
  readonly id: Y.ID
  readonly newcomer: Arrival
}

/** The newcomer beside one of the clocks from..to of a client that passes the rival: the earliest place passes most. */
function better(all: readonly Beside[], client: number, from: number, to: number, rival: number): Arrival | null {
  let found: Beside | null = null
  for (const beside of all) {
    const { id, newcomer } = beside
    if (id.client !== client || id.clock < from || id.clock > to || newcomer.client <= rival) continue
    if (found === null || id.clock < found.id.clock) found = beside
  }
  return found?.newcomer ?? null
}

interface Neighbours {
  /** Of each stored neighbour the newcomer that comes latest. */
  readonly besideStored: readonly Beside[]
  /** By the last id of a newcomer; null when one stands beside the middle of another. */
  readonly besideNewcomers: ReadonlyMap<string, Arrival> | null
  /** Without a left neighbour. */
  readonly first: Arrival | null
}

function neighbours(newcomers: readonly Arrival[]): Neighbours {
  const latest = new Map<string, { readonly id: Y.ID | null; readonly newcomer: Arrival }>()
  for (const newcomer of newcomers) {
    const id = leftOf(newcomer)
    const place = id === null ? '' : placeOf(id)
    const other = latest.get(place)
    // Yjs puts a second one of the same client before the first.
    if (other === undefined || newcomer.client > other.newcomer.client) latest.set(place, { id, newcomer })
  }
  const first = latest.get('')?.newcomer ?? null
  latest.delete('')
  const besideNewcomers = new Map<string, Arrival>()
  for (const newcomer of newcomers) {
    const end = endOf(newcomer)
    const next = latest.get(end)
    if (next !== undefined) besideNewcomers.set(end, next.newcomer)
    latest.delete(end)
  }
  const besideStored: Beside[] = []
  for (const { id, newcomer } of latest.values()) if (id !== null) besideStored.push({ id, newcomer })
  const isInside =
    besideStored.length <= PLACES_LIMIT && besideStored.some(({ id }) => newcomers.some((one) => holds(one, id)))
  return { besideStored, besideNewcomers: isInside ? null : besideNewcomers, first }
}

function holds({ client, clock, length }: Arrival, id: Y.ID): boolean {
  return id.client === client && id.clock >= clock && id.clock < clock + length
}

const placeOf = ({ client, clock }: Y.ID): string => `${client}:${clock}`

function endOf({ client, clock, length }: Arrival): string {
  return `${client}:${clock + length - 1}`
}

function leftOf(arrival: Arrival): Y.ID | null {
  return arrival.struct instanceof Y.Item ? arrival.struct.origin : null
}
