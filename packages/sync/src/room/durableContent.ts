import * as Y from 'yjs'
import { syncStep2Message, updateMessage } from '@dongbo/protocol/messages.ts'
import { scanUpdate } from '../gate/scan.ts'
import { seq, type Seq, type StoredDocument, type StoredEntry } from '../ports/updateLog.ts'
import { UnreadableDocument } from './replay.ts'

export interface TailEntry {
  readonly seq: Seq
  /** As Yjs emitted it. */
  readonly update: Uint8Array
  /** The connection that wrote it, or null when it was none of this room. */
  readonly author: number | null
}

/** A Yjs update with nothing in it. */
const NOTHING = Uint8Array.of(0, 0)
const NOTHING_MORE = syncStep2Message(NOTHING)

/**
 * Everything durable of one document as the bytes that Yjs emitted: a base, and the entries behind it. No Y.Doc: one of a
 * megabyte takes 11 to 18 times its bytes, and telling and opening need none. The base lies in the one message that
 * everybody who opens the document is sent.
 */
export class DurableContent {
  #frame: Uint8Array = NOTHING
  #base: Uint8Array = NOTHING
  #baseSeq: Seq = seq(0)
  /** The state vector of the base, and its deletions as an update: made when somebody who comes back needs them. */
  #baseClocks: ReadonlyMap<number, number> = new Map()
  #baseDeletions: Uint8Array | null = null
  #tail: TailEntry[] = []
  #tailBytes = 0
  readonly #clocks: Map<number, number>
  #tailAnswer: Uint8Array | null = null

  /** @throws {UnreadableDocument} when the base cannot be read */
  constructor(base: Uint8Array, baseSeq: Seq) {
    this.#setBase(base, baseSeq)
    this.#clocks = new Map()
    this.#count(base, baseSeq)
    this.#baseClocks = new Map(this.#clocks)
  }

  /**
   * @throws {UnreadableDocument} when an entry is missing, is no update, or builds on clocks that are not there. Whether
   *   it builds on structs that are there shows when a Y.Doc is built; a snapshot was read back before it was kept, and the
   *   store's checksums say that it is what was kept.
   */
  static read(stored: StoredDocument): DurableContent {
    for (const { update, seq: at } of stored.tail) {
      if (scanUpdate(update) === 'malformed') throw new UnreadableDocument(`entry ${at} does not load`)
    }
    const { base, upTo, tail } =
      stored.snapshot === null ? beginningOf(stored.tail) : baseOf(stored.snapshot, stored.tail)
    const content = new DurableContent(base, upTo)
    content.append(tail.map(({ seq: at, update }) => ({ seq: at, update, author: null })))
    return content
  }

  /** The newest entry. */
  get upTo(): Seq {
    return this.#tail.at(-1)?.seq ?? this.#baseSeq
  }

  get baseSeq(): Seq {
    return this.#baseSeq
  }

  get base(): Uint8Array {
    return this.#base
  }

  get tail(): readonly TailEntry[] {
    return this.#tail
  }

  /** The entries behind `seq`, without those that the base holds. */
  after(seq: Seq): readonly TailEntry[] {
    return this.#tail.slice(Math.max(0, seq - this.#baseSeq))
  }

  get tailBytes(): number {
    return this.#tailBytes
  }

  get bytes(): number {
    return this.#base.length + this.#tailBytes
  }

  /** Whether anybody has written under this client id. */
  knows(clientId: number): boolean {
    return this.#clocks.has(clientId)
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.#clocks)
  }

  /** As if nobody had written under this client id. */
  stateVectorWithout(clientId: number): Uint8Array {
    const clocks = new Map(this.#clocks)
    clocks.delete(clientId)
    return Y.encodeStateVector(clocks)
  }

  append(entries: readonly TailEntry[]): void {
    for (const entry of entries) {
      if (entry.seq !== this.upTo + 1) {
        throw new UnreadableDocument(`entry ${this.upTo + 1} is missing before ${entry.seq}`)
      }
      this.#count(entry.update, entry.seq)
      this.#tail.push(entry)
      this.#tailBytes += entry.update.length
    }
    if (entries.length > 0) this.#tailAnswer = null
  }

  /** The tail has become part of the base. */
  fold(base: Uint8Array): void {
    this.#setBase(base, this.upTo)
    this.#baseClocks = new Map(this.#clocks)
    this.#tail = []
    this.#tailBytes = 0
    this.#tailAnswer = null
  }

  /** The base as an update: the same bytes for everybody. */
  baseMessage(): Uint8Array {
    return this.#frame
  }

  /** All of it, for somebody who has nothing. What came since closes the answer, so "synced" means all of it. */
  opening(): readonly Uint8Array[] {
    this.#tailAnswer ??= this.#tail.length === 0 ? NOTHING_MORE : syncStep2Message(mergeEntries(this.#tail))
    return [this.#frame, this.#tailAnswer]
  }

  /** Whether a copy has every struct of the base: then what it lacks is cheap to tell. */
  baseIsKnown(known: ReadonlyMap<number, number>): boolean {
    for (const [client, clock] of this.#baseClocks) if ((known.get(client) ?? 0) < clock) return false
    return true
  }

  /**
   * What a copy may lack. A state vector says nothing about deletions, so all of them are told. Of a base that the copy
   * has not seen every struct is looked at: 12 ms a megabyte.
   */
  beyond(stateVector: Uint8Array, known: ReadonlyMap<number, number>): readonly Uint8Array[] {
    const ofBase = this.baseIsKnown(known)
      ? (this.#baseDeletions ??= Y.diffUpdate(this.#base, Y.encodeStateVector(new Map(this.#baseClocks))))
      : Y.diffUpdate(this.#base, stateVector)
    const ofTail = this.#tail.length === 0 ? NOTHING : Y.diffUpdate(mergeEntries(this.#tail), stateVector)
    return isNothing(ofBase) ? [syncStep2Message(ofTail)] : [updateMessage(ofBase), syncStep2Message(ofTail)]
  }

  #setBase(base: Uint8Array, at: Seq): void {
    this.#frame = updateMessage(base)
    this.#base = this.#frame.subarray(this.#frame.length - base.length)
    this.#baseSeq = at
    this.#baseDeletions = null
  }

  #count(update: Uint8Array, at: Seq): void {
    const { from, to } = readMeta(update, at)
    for (const [client, start] of from) {
      if (start > (this.#clocks.get(client) ?? 0)) {
        throw new UnreadableDocument(`entry ${at} refers to what is not there`)
      }
    }
    for (const [client, end] of to) if (end > (this.#clocks.get(client) ?? 0)) this.#clocks.set(client, end)
  }
}

function readMeta(update: Uint8Array, at: Seq): ReturnType<typeof Y.parseUpdateMeta> {
  try {
    return Y.parseUpdateMeta(update)
  } catch (error) {
    throw new UnreadableDocument(`entry ${at} does not load`, { cause: error })
  }
}

/** Whether an update has neither structs nor deletions. */
export function isNothing(update: Uint8Array): boolean {
  return update.length === NOTHING.length && update[0] === 0 && update[1] === 0
}

/** One update out of several that follow each other. */
export function mergeEntries(entries: readonly TailEntry[]): Uint8Array {
  const [only] = entries
  return entries.length === 1 && only !== undefined ? only.update : Y.mergeUpdates(entries.map((entry) => entry.update))
}

/** Null when the bytes are not a state vector. */
export function readStateVector(bytes: Uint8Array): ReadonlyMap<number, number> | null {
  try {
    return Y.decodeStateVector(bytes)
  } catch {
    // lib0 throws on malformed numbers: that is its way of saying "not a state vector".
    return null
  }
}

interface Beginning {
  readonly base: Uint8Array
  readonly upTo: Seq
  readonly tail: readonly StoredEntry[]
}

function baseOf(
  snapshot: { readonly upTo: Seq; readonly update: Uint8Array },
  tail: readonly StoredEntry[],
): Beginning {
  return { base: snapshot.update, upTo: snapshot.upTo, tail }
}

/** Without a snapshot the merged beginning of the log, or its first entry, usually the whole seed, is as good as one. */
function beginningOf(tail: readonly StoredEntry[]): Beginning {
  const merged = tail.findIndex(({ from }) => from === undefined)
  const begins = tail.slice(0, Math.max(1, merged < 0 ? tail.length : merged))
  let upTo = seq(0)
  for (const entry of begins) {
    const from = entry.from ?? entry.seq
    if (from !== upTo + 1) throw new UnreadableDocument(`entry ${upTo + 1} is missing before ${from}`)
    upTo = entry.seq
  }
  const [only] = begins
  const base =
    begins.length === 1 && only !== undefined ? only.update : Y.mergeUpdates(begins.map(({ update }) => update))
  return { base: begins.length === 0 ? NOTHING : base, upTo, tail: tail.slice(begins.length) }
}
