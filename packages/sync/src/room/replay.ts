import * as Y from 'yjs'
import { seq, type Seq, type StoredDocument } from '../ports/updateLog.ts'

/** A stored document whose parts do not fit together: never opened as something emptier than it is. */
export class UnreadableDocument extends Error {
  override readonly name = 'UnreadableDocument'
}

export interface Replayed {
  readonly doc: Y.Doc
  readonly upTo: Seq
}

/** Builds the live document from its snapshot and log. Throws `UnreadableDocument` when anything is missing or pending. */
export function replay(stored: StoredDocument): Replayed {
  const doc = new Y.Doc()
  let upTo = stored.snapshot?.upTo ?? seq(0)
  if (stored.snapshot !== null) applyStored(doc, stored.snapshot.update, upTo)
  for (const [index, entry] of stored.tail.entries()) {
    const from = entry.from ?? entry.seq
    if (from !== upTo + 1) throw new UnreadableDocument(`entry ${upTo + 1} is missing before ${from}`)
    // Merged entries of people who wrote at the same time refer to each other.
    const isWhole = entry.from === undefined || stored.tail[index + 1]?.from === undefined
    applyStored(doc, entry.update, entry.seq, isWhole)
    upTo = entry.seq
  }
  return { doc, upTo }
}

/**
 * Applies what the log holds. Throws `UnreadableDocument` when it does not load or leaves anything pending.
 *
 * @param isWhole whether everything is there now that it refers to
 */
export function applyStored(doc: Y.Doc, update: Uint8Array, at: Seq, isWhole = true): void {
  try {
    Y.applyUpdate(doc, update)
  } catch (error) {
    throw new UnreadableDocument(`entry ${at} does not load`, { cause: error })
  }
  if (isWhole && (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)) {
    throw new UnreadableDocument(`entry ${at} refers to what is not there`)
  }
}

/**
 * The state of a document as a snapshot, checked by loading it: the copy must encode to the same bytes, but for dead ticks
 * side by side, which Yjs joins when it loads them and not always before. Null when it does not, so that no log is ever
 * replaced by something that cannot be read back.
 */
export function checkedSnapshot(doc: Y.Doc): Uint8Array | null {
  const update = Y.encodeStateAsUpdate(doc)
  const copy = new Y.Doc()
  try {
    Y.applyUpdate(copy, update)
  } catch {
    // Not loadable is the answer that this check exists for.
    return null
  }
  if (copy.store.pendingStructs !== null || copy.store.pendingDs !== null) return null
  const again = Y.encodeStateAsUpdate(copy)
  return areEqual(again, update) || saySame(again, update) ? update : null
}

/** Whether two updates hold the same structs and deletions, however their dead ticks are cut. */
function saySame(one: Uint8Array, other: Uint8Array): boolean {
  return areEqual(withDeadTicksJoined(one), withDeadTicksJoined(other))
}

/** Not an update, only something to compare: each struct as Yjs writes it, runs of dead ticks as one. */
function withDeadTicksJoined(update: Uint8Array): Uint8Array {
  const { structs, ds } = Y.decodeUpdate(update)
  const encoder = new Y.UpdateEncoderV1()
  let dead: Y.GC | null = null
  const writeDead = (): void => {
    if (dead !== null) write(encoder, dead)
    dead = null
  }
  for (const struct of structs) {
    const follows =
      dead !== null && struct.id.client === dead.id.client && struct.id.clock === dead.id.clock + dead.length
    if (dead !== null && follows && struct instanceof Y.GC) dead = new Y.GC(dead.id, dead.length + struct.length)
    else {
      writeDead()
      if (struct instanceof Y.GC) dead = struct
      else write(encoder, struct)
    }
  }
  writeDead()
  for (const [client, ranges] of ds.clients) {
    encoder.writeClient(client)
    for (const { clock, len } of ranges) {
      encoder.writeDsClock(clock)
      encoder.writeDsLen(len)
    }
  }
  return encoder.toUint8Array()
}

function write(encoder: Y.UpdateEncoderV1, struct: Y.Item | Y.GC | Y.Skip): void {
  encoder.writeClient(struct.id.client)
  encoder.writeLen(struct.id.clock)
  struct.write(encoder, 0)
}

/** A loop and no callback: a megabyte is compared while everybody waits. */
function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return true
}
