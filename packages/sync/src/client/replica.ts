import { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { undoOf } from '@dongbo/model/matrix/undo.ts'
import {
  CLIENT_ID_PARAMETER,
  GENERATION_PARAMETER,
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_WELCOME,
  readRefused,
  readSaved,
  readWelcome,
  releaseMessage,
  SUBPROTOCOL,
  type Refused,
  type Saved,
  type Welcome,
} from '@dongbo/protocol/messages.ts'
import { OwnEdits, pathsOf, type OwnEdit } from './ownEdits.ts'
import { isPlaceable } from './placeable.ts'
import type { Transports } from './transports.ts'

interface ReplicaOptions {
  readonly serverUrl: string
  readonly document: DocumentName
  readonly transports: Transports
  /** The origin of this person's own transactions. */
  readonly origin: object
  /** The history that a copy of ours belongs to, or null. */
  readonly generation: string | null
  /** The client id that a copy of ours has written under, or null. */
  readonly clientId: number | null
}

export interface ReplicaHooks {
  changed(): void
  welcomed(welcome: Welcome): void
  connected(): void
  disconnected(): void
  /** Everything that the server held has arrived. */
  synced(): void
  heard(update: Uint8Array): void
  made(edit: OwnEdit): void
  confirmed(edits: readonly OwnEdit[], saved: Saved | null): void
  refused(refused: Refused): void
  /** Whether to come back after a close with this code. */
  closed(code: number): boolean
}

type Cursor = Readonly<Record<string, string | number | null>>

/** Comes from this device or is written again: neither the server's word nor something to undo. */
const RESTORED: object = { by: 'restored' }

/** So many failures that y-websocket's own doubling lies beyond any `maxBackoffTime` that we set. */
const WAITS_AS_TOLD = 30

/** One live replica of a document behind y-websocket's provider, until the server refuses it. */
export class Replica {
  readonly matrix: MatrixDocument
  readonly awareness: Awareness
  readonly edits = new OwnEdits()
  readonly undo: Y.UndoManager
  /** Whether there is something to show. */
  isLoaded = false
  readonly #provider: WebsocketProvider
  readonly #hooks: ReplicaHooks
  readonly #transports: Transports
  #generation: string | null
  #presented: number | null
  #welcome: Welcome | null = null
  #leased: number | null = null
  #hasTakenUp = false
  #cursor: Cursor | null = null
  #replayed: OwnEdit | null = null

  constructor(options: ReplicaOptions, hooks: ReplicaHooks) {
    this.#hooks = hooks
    this.#transports = options.transports
    this.#generation = options.generation
    this.#presented = options.clientId
    const doc = new Y.Doc()
    this.matrix = openMatrix(doc)
    this.awareness = new Awareness(doc)
    // Said under the leased id once it is there: the server hears a socket under the first id that it names.
    this.awareness.setLocalState(null)
    // Registered before the provider's own listener: an edit is counted before the message that carries it is sent.
    doc.on('update', (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
      this.#updated(update, origin, transaction)
    })
    this.#provider = new WebsocketProvider(options.serverUrl, options.document, doc, {
      awareness: this.awareness,
      connect: false,
      protocols: [SUBPROTOCOL],
      // Tabs go through the server too: it is the one that judges.
      disableBc: true,
      shouldReconnect: ({ code }) => hooks.closed(code),
    })
    this.#listen()
    this.undo = undoOf(this.matrix, options.origin)
  }

  get isConnected(): boolean {
    return this.#provider.wsconnected
  }

  get isSynced(): boolean {
    return this.#provider.synced
  }

  /** The client id that the server has offered to this socket. */
  get offeredId(): number | null {
    return this.#welcome?.clientId ?? null
  }

  /** What to present when another replica takes this one's place. */
  get known(): { readonly generation: string | null; readonly clientId: number | null } {
    return { generation: this.#generation, clientId: this.#leased ?? this.#presented }
  }

  /** Takes what this device kept. Throws when the bytes are no updates: nothing of them is then to be believed. */
  restore(base: readonly Uint8Array[], edits: readonly OwnEdit[]): void {
    const { doc } = this.matrix
    doc.transact(() => {
      for (const update of base) Y.applyUpdate(doc, update)
      for (const { update } of edits) Y.applyUpdate(doc, update)
    }, RESTORED)
    for (const edit of edits) this.edits.add(edit)
    this.isLoaded = base.length > 0
  }

  /**
   * Applies an edit again as the very structs that it was. One that is there already counts as confirmed.
   * Returns false when it cannot be: what it hangs on is not there.
   */
  replay(edit: OwnEdit): boolean {
    if (!isPlaceable(this.matrix.doc, edit.update)) return false
    this.#replayed = edit
    Y.applyUpdate(this.matrix.doc, edit.update, RESTORED)
    if (this.#replayed === null) return true
    this.#replayed = null
    this.#hooks.confirmed([edit], null)
    return true
  }

  connect(): void {
    this.#present()
    this.#provider.connect()
  }

  /** Leaves the present socket, which may take minutes to notice that its network is gone, and tries a new one. */
  reconnect(): void {
    this.#provider.disconnect()
    this.#provider.connect()
  }

  /** How long to wait after a loss, before y-websocket works out its own wait, which then cannot be anything but ours. */
  waitBeforeReconnecting(delayMs: number): void {
    this.#provider.maxBackoffTime = delayMs
    this.#provider.wsUnsuccessfulReconnects = WAITS_AS_TOLD
  }

  setCursor(cursor: Cursor | null): void {
    this.#cursor = cursor
    if (this.#hasTakenUp) this.awareness.setLocalState({ cursor })
  }

  /** Whether this socket's client id has been taken up. */
  get hasTakenUp(): boolean {
    return this.#hasTakenUp
  }

  /**
   * From now on edits are written under the client id that the server has leased to this socket. Only when everything that
   * was ever written under it has arrived. Returns the id, or null when the server leases none.
   */
  takeUp(): number | null {
    const { doc } = this.matrix
    this.#hasTakenUp = true
    this.#leased = this.offeredId
    this.#presented = null
    if (this.#leased !== null) doc.clientID = this.#leased
    this.#follow()
    this.awareness.setLocalState({ cursor: this.#cursor })
    return this.#leased
  }

  /** Gives the client id back when everything that was written under it is durable. Returns whether it did. */
  release(): boolean {
    const { ws, synced } = this.#provider
    if (ws === null || !synced || this.#leased === null || this.edits.waiting > 0) return false
    ws.send(new Uint8Array(releaseMessage()))
    this.#leased = null
    return true
  }

  close(): void {
    this.undo.destroy()
    this.#provider.destroy()
    this.awareness.destroy()
  }

  #listen(): void {
    const provider = this.#provider
    provider.messageHandlers[MESSAGE_WELCOME] = (_encoder, decoder) => {
      this.#welcome = readWelcome(decoder)
      this.#generation ??= this.#welcome.generation
      this.#hooks.welcomed(this.#welcome)
    }
    provider.messageHandlers[MESSAGE_SAVED] = (_encoder, decoder) => {
      const saved = readSaved(decoder)
      this.#hooks.confirmed(this.edits.saved(saved.count), saved)
    }
    provider.messageHandlers[MESSAGE_REFUSED] = (_encoder, decoder) => this.#hooks.refused(readRefused(decoder))
    provider.on('status', ({ status }) => {
      if (status === 'connected') this.#hooks.connected()
      this.#hooks.changed()
    })
    provider.on('connection-close', () => {
      this.#welcome = null
      this.#hasTakenUp = false
      this.awareness.setLocalState(null)
      this.#hooks.disconnected()
      this.#present()
    })
    provider.on('sync', (isSynced) => {
      if (isSynced) this.#hooks.synced()
      this.#hooks.changed()
    })
    this.awareness.on('change', () => this.#hooks.changed())
  }

  #updated(update: Uint8Array, origin: unknown, transaction: Y.Transaction): void {
    // Yjs takes another id by itself when it sees its own come in from outside.
    if (this.awareness.clientID !== this.matrix.doc.clientID) {
      this.#leased = null
      this.#follow()
    }
    if (origin === this.#provider) {
      this.#hooks.heard(update)
    } else if (origin !== RESTORED || this.#replayed !== null) {
      const edit = this.#replayed ?? { update, paths: pathsOf(transaction) }
      this.#replayed = null
      this.edits.add(edit)
      this.#hooks.made(edit)
    }
  }

  /** Presence is said under the document's client id: y-websocket looks for it there. */
  #follow(): void {
    const { awareness } = this
    const { clientID } = this.matrix.doc
    if (awareness.clientID === clientID) return
    awareness.states.delete(awareness.clientID)
    awareness.meta.delete(awareness.clientID)
    awareness.clientID = clientID
    awareness.setLocalState(null)
  }

  #present(): void {
    const { generation, clientId } = this.known
    const { doc } = this.matrix
    const own = Y.getState(doc.store, doc.clientID) > 0 ? doc.clientID : null
    const id = clientId ?? own
    this.#provider._WS = this.#transports.socketFor(this.edits)
    this.#provider.params =
      generation === null
        ? {}
        : { [GENERATION_PARAMETER]: generation, ...(id === null ? {} : { [CLIENT_ID_PARAMETER]: String(id) }) }
  }
}
