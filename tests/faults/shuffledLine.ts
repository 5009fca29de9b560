import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Random } from '@dongbo/kernel/random.ts'
import { WebSocket, WebSocketServer, type RawData } from 'ws'

/** So many frames may be held back at a time, and so many old ones said again. */
const MEMORY = 8

/**
 * A line that delivers WebSocket frames late, in another order, twice, and again long after: what TCP never does, and what
 * every layer above may do by mistake. Calm again, it passes on what it still holds.
 */
export class ShuffledLine {
  readonly port: number
  /** Frames that were delivered out of order or more than once. */
  disturbed = 0
  readonly #listener: WebSocketServer
  readonly #target: string
  readonly #random: Random
  readonly #flushes = new Set<() => void>()
  #isCalm = false

  private constructor(listener: WebSocketServer, port: number, target: string, random: Random) {
    this.#listener = listener
    this.port = port
    this.#target = target
    this.#random = random
    listener.on('connection', (client: WebSocket, request) => this.#carry(client, request))
  }

  static async to(target: string, random: Random): Promise<ShuffledLine> {
    const listener = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(listener, 'listening')
    const address = listener.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return new ShuffledLine(listener, address.port, target, random)
  }

  calm(): void {
    this.#isCalm = true
    for (const flush of this.#flushes) flush()
  }

  close(): void {
    for (const client of this.#listener.clients) client.terminate()
    this.#listener.close()
  }

  #carry(client: WebSocket, request: IncomingMessage): void {
    const server = new WebSocket(`${this.#target.replace('http', 'ws')}${request.url ?? ''}`, {
      headers: { cookie: request.headers.cookie ?? '', origin: this.#target },
    })
    const up = this.#shuffle((frame) => server.send(frame))
    const down = this.#shuffle((frame) => client.send(frame))
    const early: RawData[] = []
    client.on('message', (frame) => (server.readyState === WebSocket.OPEN ? up(frame) : early.push(frame)))
    server.on('open', () => early.forEach(up))
    server.on('message', down)
    server.on('error', () => client.terminate())
    client.on('error', () => server.terminate())
    server.on('close', (code, reason) => client.close(isSayable(code) ? code : undefined, reason))
    client.on('close', () => server.close())
  }

  /** One direction. */
  #shuffle(deliver: (frame: Uint8Array) => void): (data: RawData) => void {
    const held: Uint8Array[] = []
    const past: Uint8Array[] = []
    const flush = (): void => held.splice(0).forEach(deliver)
    this.#flushes.add(flush)
    return (data) => {
      const frame = new Uint8Array(Buffer.concat(Array.isArray(data) ? data : [new Uint8Array(data)]))
      if (this.#isCalm) return deliver(frame)
      past.push(frame)
      if (past.length > MEMORY) past.shift()
      held.push(frame)
      const choice = this.#random.below(10)
      if (choice < 4 && held.length < MEMORY) return
      if (choice < 7) held.reverse()
      if (choice < 7 || choice === 9) this.disturbed++
      flush()
      const again = past[this.#random.below(past.length)]
      if (choice === 9 && again !== undefined) deliver(again)
    }
  }
}

/** 1006 and the like are never said, they are what one concludes from silence. */
function isSayable(code: number): boolean {
  return code === 1000 || (code >= 1007 && code <= 1014) || code >= 3000
}
