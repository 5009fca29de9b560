import { connect, type Socket } from 'node:net'

const EMPTY = Buffer.alloc(0)
/** Beyond this the parts of a frame are collected instead of being copied together at every read. */
const LARGE_FRAME_BYTES = 65_536
const TEXT = 1
const BINARY = 2
const CLOSE = 8
const PING = 9
const PONG = 10

interface Options {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly onOpen: () => void
  readonly onMessage: (message: Buffer) => void
  readonly onClose: (why: string) => void
}

/**
 * A WebSocket client (RFC 6455) that costs little: hundreds of them share a processor with the server that they measure.
 * Masks with zeros, which is legal and changes nothing.
 */
export class RawSocket {
  bytesIn = 0
  readonly #socket: Socket
  readonly #options: Options
  #open = false
  #rest: Buffer = EMPTY
  #parts: Buffer[] = []
  #partBytes = 0
  #needBytes = 0
  #fragments: Buffer[] = []
  #why = 'cut'

  constructor(options: Options) {
    this.#options = options
    const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true })
    this.#socket = socket
    socket.on('connect', () => socket.write(handshake(options)))
    socket.on('data', (data) => this.#take(data))
    socket.on('error', (error) => (this.#why = error.message))
    socket.on('close', () => options.onClose(this.#why))
  }

  send(message: Uint8Array): void {
    this.#socket.write(frame(message, BINARY))
  }

  /** Writes what `frame` made earlier: a closed loop should not pay for encoding while it is measured. */
  sendFrame(framed: Buffer): void {
    this.#socket.write(framed)
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(data: Buffer): void {
    this.bytesIn += data.length
    const bytes = this.#open ? data : this.#afterHandshake(data)
    if (bytes === null) return
    if (this.#needBytes > 0) {
      this.#parts.push(bytes)
      this.#partBytes += bytes.length
      if (this.#partBytes < this.#needBytes) return
      const whole = Buffer.concat(this.#parts, this.#partBytes)
      this.#parts = []
      this.#needBytes = 0
      return this.#frames(whole)
    }
    this.#frames(this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]))
  }

  #afterHandshake(data: Buffer): Buffer | null {
    this.#rest = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data])
    const end = this.#rest.indexOf('\r\n\r\n')
    if (end < 0) return null
    const head = this.#rest.toString('latin1', 0, end)
    if (!head.startsWith('HTTP/1.1 101')) {
      this.#why = head.split('\r\n')[0] ?? 'no answer'
      this.#socket.destroy()
      return null
    }
    const behind = this.#rest.subarray(end + 4)
    this.#rest = EMPTY
    this.#open = true
    this.#options.onOpen()
    return behind
  }

  #frames(bytes: Buffer): void {
    this.#rest = EMPTY
    let at = 0
    while (bytes.length - at >= 2) {
      const short = byteAt(bytes, at + 1) & 0x7f
      const head = short < 126 ? 2 : short === 126 ? 4 : 10
      if (bytes.length - at < head) break
      const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6)
      if (bytes.length - at < head + length) {
        if (length <= LARGE_FRAME_BYTES) break
        this.#needBytes = head + length
        this.#parts = [bytes.subarray(at)]
        this.#partBytes = bytes.length - at
        return
      }
      this.#frame(byteAt(bytes, at), bytes.subarray(at + head, at + head + length))
      at += head + length
    }
    if (at < bytes.length) this.#rest = bytes.subarray(at)
  }

  #frame(first: number, payload: Buffer): void {
    const code = first & 0x0f
    if (code === PING) return void this.#socket.write(frame(payload, PONG))
    if (code === CLOSE) {
      this.#why =
        payload.length >= 2 ? `closed with ${payload.readUInt16BE(0)} ${payload.toString('utf8', 2)}` : 'closed'
      return void this.#socket.end()
    }
    if (code > BINARY) return
    const isLast = (first & 0x80) !== 0
    if (isLast && this.#fragments.length === 0) return this.#options.onMessage(payload)
    this.#fragments.push(payload)
    if (!isLast) return
    const whole = Buffer.concat(this.#fragments)
    this.#fragments = []
    this.#options.onMessage(whole)
  }
}

function handshake({ port, path, headers }: Options): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Version: 13',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A whole message as a masked frame. */
export function frame(payload: Uint8Array, code: typeof TEXT | typeof BINARY | typeof PONG = BINARY): Buffer {
  const length = payload.length
  const head = length < 126 ? 6 : length < 65_536 ? 8 : 14
  const framed = Buffer.alloc(head + length)
  framed[0] = 0x80 | code
  if (length < 126) framed[1] = 0x80 | length
  else if (length < 65_536) {
    framed[1] = 0x80 | 126
    framed.writeUInt16BE(length, 2)
  } else {
    framed[1] = 0x80 | 127
    framed.writeUInt32BE(length, 6)
  }
  framed.set(payload, head)
  return framed
}

function byteAt(bytes: Buffer, at: number): number {
  return bytes[at] ?? 0
}
