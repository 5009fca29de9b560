import * as Y from 'yjs'
import type { DocumentChange, NewValue, Path } from '@dongbo/model/documentChange.ts'
import { covers, liveItemsIn, type DeleteRanges } from './deleted.ts'
import { pathKey, pathOf, type Container } from '@dongbo/model/containerPath.ts'
import { isAlive } from './place.ts'
import { landsAlive, type Arrival } from './resolve.ts'

/**
 * What an update does, in the document's own terms. Parts without effect (a letter typed and deleted again, anything in a
 * container that is gone) are left out; the contents of a new container are told with it, those deleted with a container
 * go with it.
 */
export function changesOf(
  doc: Y.Doc,
  arrivals: ReadonlyMap<number, readonly Arrival[]>,
  deletes: DeleteRanges,
): readonly DocumentChange[] {
  const puts = new Map<string, DocumentChange>()
  const texts = new TypedTexts()
  const contents = contentsOfFresh(arrivals, deletes)
  for (const queue of arrivals.values()) {
    for (const arrival of queue) {
      const { landing } = arrival
      if (landing === null || landing.in !== 'stored' || !landsAlive(landing)) continue
      const dead = isDead(arrival, deletes)
      if (landing.key === null) {
        const letters = dead ? '' : lettersOf(arrival)
        // What is neither letters nor under a key has no place in any document of ours: `*` is nobody's key.
        if (letters === null) texts.add([...landing.path, '*'], '')
        else texts.add(landing.path, letters)
      } else if (!dead) {
        const path = [...landing.path, landing.key]
        puts.set(pathKey(path), { kind: 'put', path, value: valueOf(arrival, contents) })
      }
    }
  }
  const erased = erasures(doc, arrivals, deletes, texts)
  for (const key of puts.keys()) erased.delete(key)
  return [...puts.values(), ...erased.values(), ...texts.changes()]
}

/** One change a text, however many pieces it comes in. */
class TypedTexts {
  readonly #texts = new Map<string, { path: Path; inserted: string }>()

  add(path: Path, letters: string): void {
    const text = this.#texts.get(pathKey(path))
    if (text === undefined) this.#texts.set(pathKey(path), { path, inserted: letters })
    else text.inserted += letters
  }

  changes(): readonly DocumentChange[] {
    return [...this.#texts.values()].map(({ path, inserted }) => ({ kind: 'type', path, inserted }))
  }
}

/** Keys that lose their value, without what only goes along with its container; texts that lose letters go to `texts`. */
function erasures(
  doc: Y.Doc,
  arrivals: ReadonlyMap<number, readonly Arrival[]>,
  deletes: DeleteRanges,
  texts: TypedTexts,
): Map<string, DocumentChange> {
  const erased = new Map<string, DocumentChange>()
  const erase = (path: Path): void => {
    erased.set(pathKey(path), { kind: 'erase', path })
  }
  for (const item of liveItemsIn(doc, deletes)) {
    const container = item.parent as Container
    if (!isAlive(container) || goesWithContainer(container, deletes)) continue
    if (item.parentSub === null) texts.add(pathOf(container), '')
    else if (container._map.get(item.parentSub) === item) erase([...pathOf(container), item.parentSub])
  }
  // A value that is set and deleted in one update still pushes out what stood there before.
  for (const queue of arrivals.values()) {
    for (const arrival of queue) {
      const { landing } = arrival
      if (landing?.in !== 'stored' || landing.key === null || !landsAlive(landing)) continue
      const standing = landing.container._map.get(landing.key)
      if (isDead(arrival, deletes) && standing !== undefined && !standing.deleted) erase([...landing.path, landing.key])
    }
  }
  return erased
}

function goesWithContainer(container: Container, deletes: DeleteRanges): boolean {
  for (let item = container._item; item !== null; item = (item.parent as Container)._item) {
    if (covers(deletes, item.id.client, item.id.clock, item.length)) return true
  }
  return false
}

/** What the update puts into each of its own new containers: by key, or as letters. */
type FreshContents = ReadonlyMap<Arrival, { readonly entries: Map<string, Arrival>; letters: string | null }>

function contentsOfFresh(
  arrivals: ReadonlyMap<number, readonly Arrival[]>,
  deletes: DeleteRanges,
): FreshContents {
  const contents = new Map<Arrival, { entries: Map<string, Arrival>; letters: string | null }>()
  for (const queue of arrivals.values()) {
    for (const arrival of queue) {
      const { landing } = arrival
      if (landing?.in !== 'fresh' || isDead(arrival, deletes)) continue
      let content = contents.get(landing.container)
      if (content === undefined) contents.set(landing.container, (content = { entries: new Map(), letters: '' }))
      if (landing.key !== null) content.entries.set(landing.key, arrival)
      else {
        const letters: string | null = lettersOf(arrival)
        content.letters = letters === null || content.letters === null ? null : content.letters + letters
      }
    }
  }
  return contents
}

/** Deleted again by the same update, or arriving as a mere tombstone. */
function isDead(arrival: Arrival, deletes: DeleteRanges): boolean {
  return (
    arrival.struct instanceof Y.GC ||
    arrival.struct.content instanceof Y.ContentDeleted ||
    covers(deletes, arrival.client, arrival.clock, arrival.length)
  )
}

/** The letters that arrive, or null when the content is no plain text. */
function lettersOf(arrival: Arrival): string | null {
  if (!(arrival.struct instanceof Y.Item) || !(arrival.struct.content instanceof Y.ContentString)) return null
  return arrival.struct.content.str.slice(arrival.cut)
}

function valueOf(arrival: Arrival, contents: FreshContents): NewValue {
  if (!(arrival.struct instanceof Y.Item)) return { type: 'alien' }
  const { content } = arrival.struct
  if (content instanceof Y.ContentAny) {
    return content.arr.length === 1 ? { type: 'plain', value: content.arr[0] } : { type: 'alien' }
  }
  if (!(content instanceof Y.ContentType)) return { type: 'alien' }
  const inside = contents.get(arrival)
  if (content.type instanceof Y.Text && !(content.type instanceof Y.XmlText)) {
    const text = inside === undefined ? '' : inside.letters
    return text === null || (inside?.entries.size ?? 0) > 0 ? { type: 'alien' } : { type: 'text', text }
  }
  if (!(content.type instanceof Y.Map) || content.type instanceof Y.XmlHook) return { type: 'alien' }
  if (inside !== undefined && inside.letters !== '') return { type: 'alien' }
  const entries = new Map<string, NewValue>()
  for (const [key, entry] of inside?.entries ?? []) entries.set(key, valueOf(entry, contents))
  return { type: 'map', entries }
}
