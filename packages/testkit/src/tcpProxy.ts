import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Random } from '@dongbo/kernel/random.ts'

/** What the network does to every connection through the proxy, from the moment it is set. */
export interface Weather {
  /** Each piece of bytes waits this long, from-to in milliseconds; order is kept, as TCP keeps it. */
  readonly delayMs?: readonly [from: number, to: number]
  /** No more than so many bytes a second, in each direction. */
  readonly bytesPerSecond?: number
  /** How likely it is, of 1,000, that a piece is cut short and its connection reset in the middle of it. */
  readonly resetsPerMille?: number
  /** Nothing passes and nobody is told; what was sent arrives once the hole closes, as TCP sends it again. */
  readonly blackHole?: boolean
  /** Connections are accepted and reset at once. */
  readonly refuses?: boolean
}

/**
 * Looks at what goes through. `reset`: it never arrives, and both ends see a broken connection. `lose-answer`: it arrives and is
 * acted upon, and what the server answers never does.
 */
export type Filter = (piece: Uint8Array) => 'pass' | 'reset' | 'lose-answer'

interface Link {
  readonly client: Socket
  readonly server: Socket
  losesAnswer: boolean
}

/** Bytes that a trickling connection passes on at a time; ten times a second is smooth enough to look like a bad line. */
const TRICKLES_PER_SECOND = 10

/**
 * A network between two processes that can be made bad: TCP in user space, so no rights are needed and the kernel's own
 * behaviour (back-pressure, FIN, RST) stays real. Choices are made by `random`.
 */
export class TcpProxy {
  readonly port: number
  /** Connections that were ever accepted. */
  accepted = 0
  requestFilter: Filter = () => 'pass'
  replyFilter: Filter = () => 'pass'
  readonly #listener: Server
  readonly #random: Random
  readonly #links = new Set<Link>()
  #target: number
  #weather: Weather = {}
  #changed = Promise.withResolvers<void>()

  private constructor(listener: Server, port: number, target: number, random: Random) {
    this.#listener = listener
    this.port = port
    this.#target = target
    this.#random = random
    listener.on('connection', (client) => this.#accept(client))
  }

  /** Listens on a free port of this machine and passes on to `target`, another port of it. */
  static async to(target: number, random: Random): Promise<TcpProxy> {
    const listener = createServer({ allowHalfOpen: true })
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const address = listener.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return new TcpProxy(listener, address.port, target, random)
  }

  get links(): number {
    return this.#links.size
  }

  setWeather(weather: Weather): void {
    this.#weather = weather
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  /** Connections from now on go elsewhere; those that stand stay. */
  retarget(port: number): void {
    this.#target = port
  }

  /** Breaks every connection: both ends get a RST. */
  resetAll(): void {
    for (const link of this.#links) this.#break(link)
  }

  /** Says FIN to every client and goes on carrying what they send: the half-closed connection of a broken middlebox. */
  halfClose(): void {
    for (const { client } of this.#links) client.end()
  }

  /** Breaks what stands and listens no more; again does nothing. */
  async close(): Promise<void> {
    if (!this.#listener.listening) return
    this.#listener.close()
    this.setWeather({})
    this.resetAll()
    await once(this.#listener, 'close')
  }

  #accept(client: Socket): void {
    this.accepted++
    client.on('error', () => undefined)
    if (this.#weather.refuses === true) {
      client.resetAndDestroy()
      return
    }
    const server = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true })
    const link: Link = { client, server, losesAnswer: false }
    this.#links.add(link)
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      socket.on('error', () => this.#break(link))
      socket.once('close', () => {
        if (client.destroyed && server.destroyed) this.#links.delete(link)
      })
    }
    void this.#carry(link, client, server, false)
    void this.#carry(link, server, client, true)
  }

  async #carry(link: Link, from: Socket, to: Socket, isReply: boolean): Promise<void> {
    try {
      for await (const piece of from.iterator({ destroyOnReturn: false })) {
        if (!(piece instanceof Uint8Array)) continue
        await this.#holdBack(to)
        const fate = isReply ? this.replyFilter(piece) : this.requestFilter(piece)
        if (fate === 'reset' || (isReply && link.losesAnswer)) return this.#break(link)
        link.losesAnswer ||= fate === 'lose-answer'
        const { resetsPerMille = 0 } = this.#weather
        if (resetsPerMille > 0 && this.#random.below(1_000) < resetsPerMille) {
          // After some of it has gone out: a frame torn in the middle.
          to.write(piece.subarray(0, this.#random.below(piece.length)), () => this.#break(link))
          return
        }
        await this.#pass(piece, to)
      }
      to.end()
    } catch {
      // Either end broke: so does the other.
      this.#break(link)
    }
  }

  async #holdBack(to: Socket): Promise<void> {
    while (this.#weather.blackHole === true && !to.destroyed) await this.#changed.promise
    const { delayMs } = this.#weather
    if (delayMs !== undefined) await this.#pause(delayMs[0] + this.#random.below(delayMs[1] - delayMs[0] + 1))
  }

  async #pass(piece: Uint8Array, to: Socket): Promise<void> {
    let rest = piece
    while (rest.length > 0 && !to.destroyed) {
      const { bytesPerSecond } = this.#weather
      const share = bytesPerSecond === undefined ? rest.length : Math.ceil(bytesPerSecond / TRICKLES_PER_SECOND)
      const now = rest.subarray(0, share)
      rest = rest.subarray(share)
      if (!to.write(now) && !to.destroyed) await Promise.race([once(to, 'drain'), once(to, 'close')])
      if (bytesPerSecond !== undefined) await this.#pause(1_000 / TRICKLES_PER_SECOND)
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms))
  }

  #break({ client, server }: Link): void {
    client.resetAndDestroy()
    server.resetAndDestroy()
  }
}
