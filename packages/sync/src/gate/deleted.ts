import * as Y from 'yjs'

/** The delete ranges of one update: client → ranges in ascending order, as the scan has made sure. */
export type DeleteRanges = ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>

/** Whether all of [clock, clock + length) of a client is deleted by these ranges. */
export function covers(ranges: DeleteRanges, client: number, clock: number, length: number): boolean {
  const own = ranges.get(client)
  if (own === undefined) return false
  let low = 0
  let high = own.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const range = own[middle]
    if (range === undefined) return false
    if (clock < range.clock) high = middle - 1
    else if (clock >= range.clock + range.len) low = middle + 1
    else return clock + length <= range.clock + range.len
  }
  return false
}

/** The live items of the document that these ranges delete. */
export function liveItemsIn(doc: Y.Doc, ranges: DeleteRanges): readonly Y.Item[] {
  const items: Y.Item[] = []
  for (const [client, own] of ranges) {
    const structs = doc.store.clients.get(client)
    const known = Y.getState(doc.store, client)
    if (structs === undefined) continue
    for (const range of own) {
      if (range.clock >= known) continue
      const end = range.clock + range.len
      for (let i = Y.findIndexSS(structs, range.clock); i < structs.length; i++) {
        const struct = structs[i]
        if (struct === undefined || struct.id.clock >= end) break
        if (struct instanceof Y.Item && !struct.deleted) items.push(struct)
      }
    }
  }
  return items
}
