import type * as Y from 'yjs'
import type { DocumentChange, Path } from '@dongbo/model/documentChange.ts'
import { covers, liveItemsIn, type DeleteRanges } from './deleted.ts'
import { pathOf, type Container } from '@dongbo/model/containerPath.ts'
import { isDead, lettersOf, UnderKeys } from './underKeys.ts'
import { isAlive } from './place.ts'
import { isUnknownRoot, landsAlive, type Arrival } from './resolve.ts'

/**
 * What an update does, in the document's own terms. Parts without effect (a letter typed and deleted again, anything in a
 * container that is gone) are left out; the contents of a new container are told with it, those deleted with a container
 * go with it. A key that gets several values is told with each of them.
 *
 * @returns null when it cannot be told what will stand under a key: no honest update is like that
 */
export function changesOf(
  doc: Y.Doc,
  arrivals: ReadonlyMap<number, readonly Arrival[]>,
  deletes: DeleteRanges,
): readonly DocumentChange[] | null {
  const puts: DocumentChange[] = []
  const texts = new TypedTexts()
  const keys = UnderKeys.of(doc, arrivals, deletes)
  if (keys === null) return null
  for (const queue of arrivals.values()) {
    for (const arrival of queue) {
      const { landing } = arrival
      if (landing === null || landing.in !== 'stored' || !landsAlive(landing)) continue
      const dead = isDead(arrival, deletes)
      if (landing.key === null) {
        const letters = dead ? '' : lettersOf(arrival)
        texts.add(landing.container, landing.path, letters)
      } else if (!dead || isUnknownRoot(landing)) {
        puts.push({ kind: 'put', path: [...landing.path, landing.key], value: keys.valueOf(arrival) })
      }
    }
  }
  const erased = erasures(doc, keys, deletes, texts)
  return [...puts, ...erased, ...texts.changes()]
}

/** One change a text, however many pieces it comes in. */
class TypedTexts {
  readonly #texts = new Map<Container, { readonly path: Path; inserted: string; isPlain: boolean }>()

  /** @param letters null for what is neither letters nor under a key */
  add(container: Container, path: Path, letters: string | null): void {
    let text = this.#texts.get(container)
    if (text === undefined) {
      text = { path, inserted: '', isPlain: true }
      this.#texts.set(container, text)
    }
    if (letters === null) text.isPlain = false
    else text.inserted += letters
  }

  changes(): readonly DocumentChange[] {
    return [...this.#texts.values()].flatMap(({ path, inserted, isPlain }) => {
      const typed: DocumentChange = { kind: 'type', path, inserted }
      // A member of a list has no place in a plain text: `*` is nobody's key.
      return isPlain ? [typed] : [typed, { kind: 'type', path: [...path, '*'], inserted: '' }]
    })
  }
}

/** Keys that lose their value, without what only goes along with its container; texts that lose letters go to `texts`. */
function erasures(doc: Y.Doc, keys: UnderKeys, deletes: DeleteRanges, texts: TypedTexts): readonly DocumentChange[] {
  const erased: DocumentChange[] = keys.emptied().map((path) => ({ kind: 'erase', path }))
  for (const item of liveItemsIn(doc, deletes)) {
    const container = item.parent as Container
    if (!isAlive(container) || goesWithContainer(container, deletes)) continue
    if (item.parentSub === null) texts.add(container, pathOf(container), '')
    else if (!keys.meets(container, item.parentSub))
      erased.push({ kind: 'erase', path: [...pathOf(container), item.parentSub] })
  }
  return erased
}

function goesWithContainer(container: Container, deletes: DeleteRanges): boolean {
  for (let item = container._item; item !== null; item = (item.parent as Container)._item) {
    if (covers(deletes, item.id.client, item.id.clock, item.length)) return true
  }
  return false
}
