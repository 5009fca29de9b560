import * as Y from 'yjs'
import type { NewValue, Path } from '@dongbo/model/documentChange.ts'
import type { Container } from '@dongbo/model/containerPath.ts'
import { covers, type DeleteRanges } from './deleted.ts'
import { lastUnderKey } from './lastUnderKey.ts'
import { landsAlive, type Arrival } from './resolve.ts'

/**
 * Values that one update leaves alive under one key: an honest one leaves the last, and one more for each other client id
 * of the same person.
 */
const VALUES_LIMIT = 16

/** Everything that arrives in one container. */
interface Contents {
  readonly byKey: Map<string, Arrival[]>
  /** What arrives beside the keys, as letters; null when it is no plain text. */
  letters: string | null
}

/** What an update puts under keys, in the document and in its own new containers, and what will stand there in the end. */
export class UnderKeys {
  readonly #stored = new Map<Container, Contents>()
  readonly #fresh = new Map<Arrival, Contents>()
  readonly #lasts = new Map<Arrival[], Arrival | 'standing'>()
  readonly #emptied: Path[] = []
  readonly #deletes: DeleteRanges

  private constructor(deletes: DeleteRanges) {
    this.#deletes = deletes
  }

  /** Null when it cannot be told what will stand under some key. */
  static of(doc: Y.Doc, arrivals: ReadonlyMap<number, readonly Arrival[]>, deletes: DeleteRanges): UnderKeys | null {
    const keys = new UnderKeys(deletes)
    for (const queue of arrivals.values()) for (const arrival of queue) keys.#add(arrival)
    return keys.#settle(doc) ? keys : null
  }

  /** Whether something arrives under this key of a container of the document. */
  meets(container: Container, key: string): boolean {
    return this.#stored.get(container)?.byKey.has(key) === true
  }

  /**
   * Keys under which something stands now and nothing will, although something arrives there; and those whose container
   * goes, with all that others wrote in it, although another comes.
   */
  emptied(): readonly Path[] {
    return this.#emptied
  }

  /** The value that arrives, with all that the same update puts into it. */
  valueOf(arrival: Arrival): NewValue {
    if (!(arrival.struct instanceof Y.Item)) return { type: 'alien' }
    const { content } = arrival.struct
    if (content instanceof Y.ContentAny) {
      return content.arr.length === 1 ? { type: 'plain', value: content.arr[0] } : { type: 'alien' }
    }
    if (!(content instanceof Y.ContentType)) return { type: 'alien' }
    const inside = this.#fresh.get(arrival) ?? { byKey: new Map<string, Arrival[]>(), letters: '' }
    if (content.type instanceof Y.Text && !(content.type instanceof Y.XmlText)) {
      return inside.letters === null || inside.byKey.size > 0
        ? { type: 'alien' }
        : { type: 'text', text: inside.letters }
    }
    if (!(content.type instanceof Y.Map) || content.type instanceof Y.XmlHook) return { type: 'alien' }
    if (inside.letters !== '') return { type: 'alien' }
    const entries = new Map<string, NewValue>()
    for (const [key, newcomers] of inside.byKey) {
      const live = newcomers.filter((newcomer) => !isDead(newcomer, this.#deletes))
      const last = this.#lasts.get(newcomers)
      // Nobody has seen the container yet, so nobody but its maker can have put anything in.
      if (live.length > 1) entries.set(key, { type: 'alien' })
      else if (last !== undefined && last !== 'standing' && live.includes(last)) entries.set(key, this.valueOf(last))
    }
    return { type: 'map', entries }
  }

  #add(arrival: Arrival): void {
    const { landing } = arrival
    if (landing === null || landing.in === 'nowhere' || !landsAlive(landing)) return
    const contents =
      landing.in === 'stored' ? contentsIn(this.#stored, landing.container) : contentsIn(this.#fresh, landing.container)
    if (landing.key !== null) {
      const newcomers = contents.byKey.get(landing.key)
      if (newcomers === undefined) contents.byKey.set(landing.key, [arrival])
      else newcomers.push(arrival)
    } else if (!isDead(arrival, this.#deletes)) {
      const letters = lettersOf(arrival)
      contents.letters = letters === null || contents.letters === null ? null : contents.letters + letters
    }
  }

  #settle(doc: Y.Doc): boolean {
    for (const { byKey } of this.#fresh.values()) {
      for (const newcomers of byKey.values()) if (!this.#find(doc, null, newcomers)) return false
    }
    for (const [container, { byKey }] of this.#stored) {
      for (const [key, newcomers] of byKey) {
        const standing = container._map.get(key) ?? null
        const last = this.#find(doc, standing, newcomers)
        if (last === null) return false
        if (standing === null || standing.deleted) continue
        const stays =
          last === 'standing'
            ? !covers(this.#deletes, standing.id.client, standing.id.clock, standing.length)
            : !isDead(last, this.#deletes) && !(standing.content instanceof Y.ContentType)
        const [any] = newcomers
        if (!stays && any?.landing?.in === 'stored') this.#emptied.push([...any.landing.path, key])
      }
    }
    return true
  }

  #find(doc: Y.Doc, standing: Y.Item | null, newcomers: Arrival[]): Arrival | 'standing' | null {
    if (newcomers.length > VALUES_LIMIT && !this.#areFew(newcomers)) return null
    const last = lastUnderKey(doc, standing, newcomers)
    if (last !== null) this.#lasts.set(newcomers, last)
    return last
  }

  #areFew(newcomers: readonly Arrival[]): boolean {
    let alive = 0
    for (const newcomer of newcomers) if (!isDead(newcomer, this.#deletes) && ++alive > VALUES_LIMIT) return false
    return true
  }
}

function contentsIn<Place>(places: Map<Place, Contents>, place: Place): Contents {
  const known = places.get(place)
  if (known !== undefined) return known
  const contents: Contents = { byKey: new Map(), letters: '' }
  places.set(place, contents)
  return contents
}

/** Deleted again by the same update, or arriving as a mere tombstone. */
export function isDead(arrival: Arrival, deletes: DeleteRanges): boolean {
  return (
    arrival.struct instanceof Y.GC ||
    arrival.struct.content instanceof Y.ContentDeleted ||
    covers(deletes, arrival.client, arrival.clock, arrival.length)
  )
}

/** The letters that arrive, or null when the content is no plain text. */
export function lettersOf(arrival: Arrival): string | null {
  if (!(arrival.struct instanceof Y.Item) || !(arrival.struct.content instanceof Y.ContentString)) return null
  return arrival.struct.content.str
}
