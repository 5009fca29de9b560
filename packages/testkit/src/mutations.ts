import * as Y from 'yjs'
import type { Random } from '@dongbo/kernel/random.ts'
import { decodeRaw, encodeRaw, type Range, type RawUpdate, type Struct } from './rawUpdate.ts'

/** What a hostile client can name of a document: every id it has seen, every key and every root. */
export interface KnownNames {
  readonly ids: readonly Y.ID[]
  readonly containers: readonly Y.ID[]
  readonly keys: readonly string[]
  readonly roots: readonly string[]
}

export function knownNames(doc: Y.Doc): KnownNames {
  const ids: Y.ID[] = []
  const containers: Y.ID[] = []
  const keys = new Set(['x', '__proto__', '', '*'])
  for (const structs of doc.store.clients.values()) {
    for (const struct of structs) {
      ids.push(struct.id, Y.createID(struct.id.client, struct.id.clock + struct.length - 1))
      if (!(struct instanceof Y.Item)) continue
      if (struct.content instanceof Y.ContentType) containers.push(struct.id)
      if (struct.parentSub !== null) keys.add(struct.parentSub)
    }
  }
  // Everything may have been removed; then any id will do.
  return {
    ids,
    containers: containers.length > 0 ? containers : ids,
    keys: [...keys],
    roots: [...doc.share.keys(), 'other'],
  }
}

/** Flips, drops, doubles and inserts bytes. */
export function mutateBytes(random: Random, update: Uint8Array): Uint8Array {
  const bytes = [...update]
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(bytes.length + 1)
    switch (random.below(6)) {
      case 0:
        bytes[at] = random.below(256)
        break
      case 1:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
        break
      case 2:
        bytes.splice(at, 1 + random.below(3))
        break
      case 3:
        bytes.splice(at, 0, random.below(256))
        break
      case 4:
        bytes.splice(at, 0, ...bytes.slice(at, at + 1 + random.below(12)))
        break
      default:
        bytes[at] = pick(random, [0, 1, 0x7f, 0x80, 0xff])
    }
  }
  return Uint8Array.from(bytes)
}

/** Changes what the structs of an update say of themselves: neighbours, parents, keys, contents, clocks, deletions. */
export function mutateStructs(random: Random, update: Uint8Array, names: KnownNames): Uint8Array {
  const raw = decodeRaw(update)
  let structs = [...raw.structs]
  let deletes = raw.deletes
  for (let times = 1 + random.below(3); times > 0; times--) {
    if (random.below(4) === 0) deletes = mutatedDeletes(random, deletes, structs, names)
    else structs = mutatedStructs(random, structs, names)
  }
  return encodeRaw({ structs, deletes })
}

function mutatedStructs(random: Random, structs: readonly Struct[], names: KnownNames): Struct[] {
  const index = random.below(Math.max(1, structs.length))
  const struct = structs[index]
  if (!(struct instanceof Y.Item)) return struct === undefined ? [madeUp(random, names)] : structs.toSpliced(index, 1)
  const own = structs.map((one) => Y.createID(one.id.client, one.id.clock + random.below(one.length)))
  const anyId = (): Y.ID => pick(random, random.below(3) === 0 ? own : names.ids)
  switch (random.below(12)) {
    case 0:
      return structs.with(index, changed(struct, { origin: anyId() }))
    case 1:
      return structs.with(index, changed(struct, { rightOrigin: anyId() }))
    case 2:
      return structs.with(index, changed(struct, { origin: null, rightOrigin: anyId() }))
    case 3:
      return structs.with(
        index,
        changed(struct, { ...NO_NEIGHBOURS, parent: pick(random, names.roots), parentSub: keyOrNone(random, names) }),
      )
    case 4:
      return structs.with(
        index,
        changed(struct, {
          ...NO_NEIGHBOURS,
          parent: pick(random, names.containers),
          parentSub: keyOrNone(random, names),
        }),
      )
    case 5:
      return structs.with(index, changed(struct, { parentSub: keyOrNone(random, names) }))
    case 6: {
      const content = madeUpContent(random)
      return renumbered(
        structs.with(index, changed(struct, { content, length: content.getLength() })),
        struct.id.client,
      )
    }
    case 7:
      return structs.with(index, new Y.GC(struct.id, struct.length))
    case 8: {
      const content = new Y.ContentDeleted(struct.length)
      return structs.with(index, changed(struct, { content }))
    }
    case 9: {
      const client = random.below(3) === 0 ? 1 : anyId().client
      const clock = random.below(2) === 0 ? struct.id.clock : random.below(60)
      return structs.with(index, changed(struct, { id: Y.createID(client, clock) }))
    }
    case 10: {
      const end = structs.findLast((one) => one.id.client === struct.id.client) ?? struct
      return [...structs, changed(struct, { id: Y.createID(struct.id.client, end.id.clock + end.length) })]
    }
    default:
      return random.below(2) === 0 ? structs.toSpliced(index, 1) : structs.toSpliced(index, 0, madeUp(random, names))
  }
}

const NO_NEIGHBOURS = { origin: null, rightOrigin: null }

function changed(item: Y.Item, differs: object): Y.Item {
  return Object.assign(
    new Y.Item(item.id, null, item.origin, null, item.rightOrigin, null, item.parentSub, item.content),
    {
      parent: item.parent,
      ...differs,
    },
  )
}

/** Gives a client's structs clocks without gaps again, so that more than the first stage of a gate is met. */
function renumbered(structs: readonly Struct[], client: number): Struct[] {
  let clock: number | null = null
  return structs.map((struct) => {
    if (struct.id.client !== client || !(struct instanceof Y.Item)) return struct
    const id = Y.createID(client, clock ?? struct.id.clock)
    clock = id.clock + struct.length
    return changed(struct, { id })
  })
}

function madeUp(random: Random, names: KnownNames): Y.Item {
  const id = Y.createID(1_000 + random.below(5), random.below(3))
  const content = madeUpContent(random)
  const item = new Y.Item(id, null, null, null, null, null, keyOrNone(random, names), content)
  return Object.assign(item, {
    parent: random.below(2) === 0 ? pick(random, names.roots) : pick(random, names.containers),
  })
}

function madeUpContent(random: Random): Y.Item['content'] {
  switch (random.below(9)) {
    case 0:
      return new Y.ContentString(pick(random, ['x', 'đường', '🎬', 'a'.repeat(500)]))
    case 1:
      return new Y.ContentAny([
        pick(random, [null, 1, 100, 'draft', 'accepted', '2026-12-01', ['coordinate'], ['approve'], {}]),
      ])
    case 2:
      return new Y.ContentAny([1, 2])
    case 3:
      return new Y.ContentType(
        pick(random, [new Y.Map<unknown>(), new Y.Text(), new Y.Array<unknown>(), new Y.XmlElement('p')]),
      )
    case 4:
      return new Y.ContentDeleted(1 + random.below(4))
    case 5:
      return new Y.ContentFormat('bold', 'true')
    case 6:
      return new Y.ContentEmbed({ a: 1 })
    case 7:
      return new Y.ContentBinary(Uint8Array.of(1))
    default:
      return new Y.ContentJSON([{ a: 1 }])
  }
}

function mutatedDeletes(
  random: Random,
  deletes: ReadonlyMap<number, readonly Range[]>,
  structs: readonly Struct[],
  names: KnownNames,
): RawUpdate['deletes'] {
  const { client, clock } =
    random.below(4) === 0 && structs.length > 0 ? pick(random, structs).id : pick(random, names.ids)
  const range = { clock, len: 1 + random.below(random.below(4) === 0 ? 400 : 3) }
  const others =
    random.below(8) === 0
      ? []
      : (deletes.get(client) ?? []).filter(
          (one) => one.clock + one.len < range.clock || one.clock > range.clock + range.len,
        )
  const ranges = [...others, range]
  return new Map([...deletes, [client, random.below(12) === 0 ? ranges : ranges.toSorted((a, b) => a.clock - b.clock)]])
}

function keyOrNone(random: Random, names: KnownNames): string | null {
  return random.below(4) === 0 ? null : pick(random, names.keys)
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[random.below(from.length)]
  if (chosen === undefined) throw new Error('nothing to choose from')
  return chosen
}
