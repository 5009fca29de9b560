import { once } from 'node:events'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { SUBPROTOCOL, syncStep1Message, updateMessage } from '@dongbo/protocol/messages.ts'
import { updateOf } from '@dongbo/testkit/matrices.ts'
import { readServerMessage, type Heard } from '@dongbo/testkit/seats.ts'
import * as Y from 'yjs'
import type { WebSocket } from 'ws'
import type { DemoServer } from '../contract/demoServer.ts'

/** A hostile client's hands: a bare socket to the demo matrix with a replica, nothing of y-websocket in between. */
export class RawClient {
  readonly matrix: MatrixDocument = openMatrix(new Y.Doc())
  /** The close code, once the socket is closed. */
  readonly closed: Promise<number>
  readonly #socket: WebSocket
  #unread: Heard[] = []
  #waiting: (() => void) | null = null

  private constructor(socket: WebSocket) {
    this.#socket = socket
    this.closed = once(socket, 'close').then(([code]) => code as number)
    socket.on('message', (data: Buffer) => {
      const heard = readServerMessage(new Uint8Array(data))
      if (heard.type === 'update' || heard.type === 'answer') Y.applyUpdate(this.matrix.doc, heard.bytes, 'server')
      this.#unread.push(heard)
      this.#waiting?.()
    })
  }

  /** Opens a socket with a cookie and waits until it has the whole document. */
  static async open(server: DemoServer, cookie: string, { speaksDongbo = true } = {}): Promise<RawClient> {
    const headers = { cookie, origin: server.origin }
    const client = new RawClient(server.socket('/sync/matrix/kh-2026', headers, speaksDongbo ? [SUBPROTOCOL] : []))
    await once(client.#socket, 'open')
    client.send(syncStep1Message(Uint8Array.of(0)))
    await client.hear('answer')
    return client
  }

  send(frame: Uint8Array | string): void {
    this.#socket.send(frame)
  }

  sendUpdate(update: Uint8Array): void {
    this.send(updateMessage(update))
  }

  /** Edits the replica and sends the update. */
  edit(what: (matrix: MatrixDocument) => void): Uint8Array {
    const update = updateOf(this.matrix, what)
    this.sendUpdate(update)
    return update
  }

  /** Resolves with the next message of this type; what came before it is dropped. One at a time. */
  async hear<Type extends Heard['type']>(type: Type): Promise<Heard & { readonly type: Type }> {
    for (;;) {
      for (let next = this.#unread.shift(); next !== undefined; next = this.#unread.shift()) {
        if (isOfType(next, type)) return next
      }
      await new Promise<void>((resolve) => (this.#waiting = resolve))
    }
  }

  /** What becomes of a frame: the close code, the code of the refusal, or `taken` when the server goes on answering. */
  async outcomeOf(frame: Uint8Array): Promise<number | string> {
    let refusal: string | null = null
    this.#socket.on('message', (data: Buffer) => {
      const heard = readServerMessage(new Uint8Array(data))
      if (heard.type === 'refused') refusal = heard.code
    })
    this.send(frame)
    // Frames are handled in order: the answer to this comes after whatever the frame caused.
    this.send(syncStep1Message(Uint8Array.of(0)))
    return await Promise.race([this.closed, this.hear('answer').then(() => refusal ?? 'taken')])
  }

  /** Resolves once the replica is as wanted. */
  async until(isWanted: (matrix: MatrixDocument) => boolean): Promise<void> {
    while (!isWanted(this.matrix)) await once(this.#socket, 'message')
  }

  leave(): void {
    this.#socket.terminate()
  }
}

function isOfType<Type extends Heard['type']>(heard: Heard, type: Type): heard is Heard & { readonly type: Type } {
  return heard.type === type
}
