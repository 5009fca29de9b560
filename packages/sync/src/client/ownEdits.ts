import type * as Y from 'yjs'
import { pathKey, pathOf } from '@dongbo/model/containerPath.ts'
import type { Path } from '@dongbo/model/documentChange.ts'
import { SYNC_STEP_2, SYNC_UPDATE, MESSAGE_SYNC } from '@dongbo/protocol/messages.ts'

/**
 * Counts a person's own edits and knows which of them the server has confirmed. Confirmation is cumulative: the server
 * says how many of this socket's document messages are durable, and from its answer to the server's question on, each
 * message carries every edit made before it.
 */
export class OwnEdits {
  /** Edits made in this document, each one Yjs transaction. */
  #made = 0
  #confirmed = 0
  /** Per document message of the present socket, oldest first: how many edits had been made when it was sent. */
  #carried: number[] = []
  #messages = 0
  /** Whether this socket has sent everything that the server lacked: until then a message carries only itself. */
  #hasAnswered = false
  /** Places written by edits that are not confirmed, with the number of the edit that wrote them last. */
  readonly #places = new Map<string, { readonly path: Path; readonly edit: number }>()

  /** Edits that the server has not confirmed. */
  get waiting(): number {
    return this.#made - this.#confirmed
  }

  made(transaction: Y.Transaction): void {
    this.#made++
    for (const [container, keys] of transaction.changed) {
      const at = pathOf(container)
      for (const key of keys) {
        const path = key === null ? at : [...at, key]
        this.#places.set(pathKey(path), { path, edit: this.#made })
      }
    }
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
    this.#carried.push(this.#hasAnswered ? this.#made : this.#confirmed)
  }

  /** The first `count` document messages of this socket are durable. */
  saved(count: number): void {
    const first = this.#messages - this.#carried.length
    const carried = this.#carried[count - first - 1]
    if (carried === undefined) return
    this.#carried = this.#carried.slice(count - first)
    this.#confirmed = Math.max(this.#confirmed, carried)
    for (const [key, place] of this.#places) if (place.edit <= this.#confirmed) this.#places.delete(key)
  }

  /** Where the edits that are not confirmed were made. */
  unconfirmedPlaces(): readonly Path[] {
    return [...this.#places.values()].map((place) => place.path)
  }
}
