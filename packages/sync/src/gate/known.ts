import * as Y from 'yjs'
import { covers, type DeleteRanges } from './deleted.ts'

type Struct = Y.Item | Y.GC | Y.Skip
type Content = Y.Item['content']

/** The client ids of an update of which the document has some of the structs, each with the clock that it has got to. */
export function knownClients(doc: Y.Doc, structs: readonly Struct[]): Map<number, number> | null {
  let known: Map<number, number> | null = null
  for (const { id } of structs) {
    const state = Y.getState(doc.store, id.client)
    if (id.clock < state) (known ??= new Map()).set(id.client, state)
  }
  return known
}

/**
 * Whether an update tells something else than the document about structs that both have. Two copies wrote under one
 * client id then; Yjs would keep what came first and drop the other without a word, at clocks that count as equal.
 *
 * What is deleted on either side is not there to be compared, and proves nothing: whoever sends again what others have
 * deleted meanwhile is honest. Under a doubted id it may be somebody else's letter that was deleted, so what the update
 * still has there is not cut off as known.
 *
 * @param doubtedId the id of which the author's copy may have been written by two
 */
export function contradicts(
  doc: Y.Doc,
  structs: readonly Struct[],
  deletes: DeleteRanges,
  doubtedId: number | null,
): boolean {
  return structs.some((struct) => {
    if (!(struct instanceof Y.Item)) return false
    const isDoubted = struct.id.client === doubtedId
    return itemContradicts(doc, struct, isDoubted ? deletes : null)
  })
}

/** @param deleted under a doubted id: what the update itself deletes of it, which is not lost with it */
function itemContradicts(doc: Y.Doc, told: Y.Item, deleted: DeleteRanges | null): boolean {
  const { client, clock } = told.id
  const stored = doc.store.clients.get(client)
  const end = Math.min(clock + told.length, Y.getState(doc.store, client))
  if (stored === undefined || clock >= end) return false
  for (let index = Y.findIndexSS(stored, clock); index < stored.length; index++) {
    const kept = stored[index]
    if (kept === undefined || kept.id.clock >= end) return false
    const from = Math.max(clock, kept.id.clock)
    const to = Math.min(end, kept.id.clock + kept.length)
    if (deleted !== null && isGone(kept) && !isGone(told) && !covers(deleted, client, from, to - from)) return true
    if (!(kept instanceof Y.Item)) continue
    if (!samePlace(told, kept, from) || !sameContent(told, kept, from, to)) return true
  }
  return false
}

/** Whether nothing is left of what it was. */
function isGone(struct: Struct): boolean {
  return !(struct instanceof Y.Item) || struct.content instanceof Y.ContentDeleted
}

/** Pieces of one struct, however it was cut: the left neighbour of a later piece is the unit before it. */
function samePlace(told: Y.Item, kept: Y.Item, from: number): boolean {
  if (!Y.compareIDs(leftAt(told, from), leftAt(kept, from))) return false
  if (!Y.compareIDs(told.rightOrigin, kept.rightOrigin)) return false
  // Where neighbours are named, the parent is theirs and does not travel.
  if (told.origin !== null || told.rightOrigin !== null || from > told.id.clock) return true
  return told.parentSub === kept.parentSub && sameParent(told.parent, kept.parent)
}

function leftAt(item: Y.Item, clock: number): Y.ID | null {
  return clock === item.id.clock ? item.origin : Y.createID(item.id.client, clock - 1)
}

/** @param told a root's name or the id of a container's item, whatever the types of Yjs say. */
function sameParent(told: unknown, kept: Y.Item['parent']): boolean {
  // The container is gone, and with it what it was.
  if (!(kept instanceof Y.AbstractType)) return true
  if (typeof told === 'string') return kept._item === null && Y.findRootTypeKey(kept) === told
  return told instanceof Y.ID && kept._item !== null && Y.compareIDs(told, kept._item.id)
}

/** Whether both hold the same from one clock to another; a deleted content is not there to be compared. */
function sameContent(told: Y.Item, kept: Y.Item, from: number, to: number): boolean {
  const [a, b] = [told.content, kept.content]
  if (a instanceof Y.ContentDeleted || b instanceof Y.ContentDeleted) return true
  const [atA, atB, length] = [from - told.id.clock, from - kept.id.clock, to - from]
  if (a instanceof Y.ContentString && b instanceof Y.ContentString) return sameLetters(a.str, atA, b.str, atB, length)
  return a.getRef() === b.getRef() && sameBytes(written(a, atA, length), written(b, atB, length))
}

/** Half a surrogate pair becomes U+FFFD wherever Yjs cuts a string between its halves, on one side and not the other. */
function sameLetters(a: string, atA: number, b: string, atB: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    const [one, other] = [a.charCodeAt(atA + i), b.charCodeAt(atB + i)]
    if (one !== other && !(isHalf(one) && other === CUT) && !(isHalf(other) && one === CUT)) return false
  }
  return true
}

const CUT = 0xfffd
const isHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff

/** What travels of some units of a content. */
function written(content: Content, at: number, length: number): Uint8Array {
  const encoder = new Y.UpdateEncoderV1()
  if (content instanceof Y.ContentAny) new Y.ContentAny(content.arr.slice(at, at + length)).write(encoder, 0)
  else if (content instanceof Y.ContentJSON) new Y.ContentJSON(content.arr.slice(at, at + length)).write(encoder, 0)
  // All others are one unit long.
  else content.write(encoder, 0)
  return encoder.toUint8Array()
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
