import type * as Y from 'yjs'
import { pathKey, pathOf } from '@dongbo/model/containerPath.ts'
import type { Path } from '@dongbo/model/documentChange.ts'
import { SYNC_STEP_2, SYNC_UPDATE, MESSAGE_SYNC } from '@dongbo/protocol/messages.ts'

/** One edit of this person, one Yjs transaction: what Yjs emitted and where it wrote. */
export interface OwnEdit {
  readonly update: Uint8Array
  readonly paths: readonly Path[]
}

/** A person's unconfirmed edits, as one refused message divides them. */
export interface DividedEdits {
  /** Sent before it, and not refused: they are durable or about to be. */
  readonly before: readonly OwnEdit[]
  readonly refused: readonly OwnEdit[]
  /** Made after it: the server has not looked at them. */
  readonly after: readonly OwnEdit[]
}

/**
 * Keeps a person's own edits until the server has confirmed them. Confirmation is cumulative: the server says how many of
 * this socket's document messages are durable, and from its answer to the server's question on, each message carries
 * every edit made before it.
 */
export class OwnEdits {
  /** Not confirmed, oldest first. */
  #unconfirmed: OwnEdit[] = []
  #confirmed = 0
  /** Per document message of the present socket, oldest first: how many edits had been made when it was sent. */
  #carried: number[] = []
  #messages = 0
  /** Whether this socket has sent everything that the server lacked: until then a message carries only itself. */
  #hasAnswered = false

  /** Edits that the server has not confirmed. */
  get waiting(): number {
    return this.#unconfirmed.length
  }

  get unconfirmed(): readonly OwnEdit[] {
    return this.#unconfirmed
  }

  /** Takes an edit that is not confirmed, made now or before the page was opened. */
  add(edit: OwnEdit): void {
    this.#unconfirmed.push(edit)
  }

  /** A new socket counts its messages from one. */
  socketOpened(): void {
    this.#carried = []
    this.#messages = 0
    this.#hasAnswered = false
  }

  sent(message: ArrayBufferLike | ArrayBufferView): void {
    const bytes = ArrayBuffer.isView(message)
      ? new Uint8Array(message.buffer, message.byteOffset, message.byteLength)
      : new Uint8Array(message)
    if (bytes[0] !== MESSAGE_SYNC || (bytes[1] !== SYNC_STEP_2 && bytes[1] !== SYNC_UPDATE)) return
    if (bytes[1] === SYNC_STEP_2) this.#hasAnswered = true
    this.#messages++
    // What was deleted offline leaves no gap that the server could see: an update before the answer confirms nothing.
    this.#carried.push(this.#hasAnswered ? this.#confirmed + this.#unconfirmed.length : this.#confirmed)
  }

  /** The first `count` document messages of this socket are durable. Returns the edits that this confirms. */
  saved(count: number): readonly OwnEdit[] {
    const first = this.#messages - this.#carried.length
    const carried = this.#carried[count - first - 1]
    if (carried === undefined) return []
    this.#carried = this.#carried.slice(count - first)
    const confirmed = this.#unconfirmed.splice(0, Math.max(0, carried - this.#confirmed))
    this.#confirmed += confirmed.length
    return confirmed
  }

  /** Message number `count` of this socket was refused as a whole. */
  dividedBy(count: number): DividedEdits {
    const first = this.#messages - this.#carried.length
    const madeBefore = this.#carried[count - first - 2] ?? this.#confirmed
    const madeThen = this.#carried[count - first - 1] ?? this.#confirmed
    const from = Math.max(0, madeBefore - this.#confirmed)
    const to = Math.max(from, madeThen - this.#confirmed)
    return {
      before: this.#unconfirmed.slice(0, from),
      refused: this.#unconfirmed.slice(from, to),
      after: this.#unconfirmed.slice(to),
    }
  }
}

/** Where a transaction wrote. */
export function pathsOf(transaction: Y.Transaction): readonly Path[] {
  const paths: Path[] = []
  for (const [container, keys] of transaction.changed) {
    const at = pathOf(container)
    for (const key of keys) paths.push(key === null ? at : [...at, key])
  }
  return paths
}

/** The places of some edits, each once, in the order in which they were last written. */
export function placesOf(edits: readonly OwnEdit[]): readonly Path[] {
  const places = new Map<string, Path>()
  for (const { paths } of edits) {
    for (const path of paths) {
      const key = pathKey(path)
      places.delete(key)
      places.set(key, path)
    }
  }
  return [...places.values()]
}
