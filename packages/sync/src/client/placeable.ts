import * as Y from 'yjs'

/**
 * Whether an update can be applied whole. Yjs would keep what hangs on structs that are not there, wait for them without
 * saying so, and put everything in as soon as they come, or never.
 */
export function isPlaceable(doc: Y.Doc, update: Uint8Array): boolean {
  const { from, to } = Y.parseUpdateMeta(update)
  const { structs, ds } = Y.decodeUpdate(update)
  const isThere = (client: number, clock: number): boolean =>
    clock < Math.max(Y.getState(doc.store, client), to.get(client) ?? 0)
  for (const [client, clock] of from) if (clock > Y.getState(doc.store, client)) return false
  for (const struct of structs) {
    if (struct instanceof Y.Skip) return false
    if (!(struct instanceof Y.Item)) continue
    // What was decoded names its parent, whatever the types of Yjs say.
    const parent: unknown = struct.parent
    const needed = [struct.origin, struct.rightOrigin, parent instanceof Y.ID ? parent : null]
    if (needed.some((id) => id !== null && !isThere(id.client, id.clock))) return false
  }
  for (const [client, ranges] of ds.clients) {
    if (ranges.some(({ clock, len }) => !isThere(client, clock + len - 1))) return false
  }
  return true
}

/** What an update writes, without its place: the letters, or the one value; null when it only deletes. */
export function writtenBy(update: Uint8Array): unknown {
  const contents = Y.decodeUpdate(update).structs.map((struct) => (struct instanceof Y.Item ? struct.content : null))
  const letters = contents.map((content) => (content instanceof Y.ContentString ? content.str : '')).join('')
  if (letters !== '') return letters
  const last = contents.findLast((content) => content instanceof Y.ContentAny)
  const value: unknown = last instanceof Y.ContentAny ? last.arr.at(-1) : null
  return value ?? null
}
