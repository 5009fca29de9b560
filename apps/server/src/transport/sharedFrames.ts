import { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import type { SyncSocket } from './syncSocket.ts'

/** RFC 6455: a whole binary message in one frame. */
const FINAL_BINARY = 0x82
/** Lengths up to here stand in the second byte; up to `SHARED_LIMIT_BYTES` in two more, announced by the number behind it. */
const SHORT_LIMIT_BYTES = 125
const TWO_BYTE_LENGTH = 126
/** Beyond it copying costs more than a second write, and a frame that is kept would pin a document in memory. */
const SHARED_LIMIT_BYTES = 65_535
/** `ws` `lib/sender.js`: nothing of its own is on the way that a direct write could overtake. */
const SENDER_IDLE = 0

/** What a server sends on one open socket; a message must not be changed afterwards. */
type Send = (message: Uint8Array) => void

/** Frames a message once for all sockets that are sent it one after the other. */
class LastFrame {
  #message: Uint8Array | null = null
  #frame: Buffer = Buffer.alloc(0)

  of(message: Uint8Array): Buffer {
    if (message !== this.#message) {
      this.#frame = frameOf(message)
      this.#message = message
    }
    return this.#frame
  }
}

function frameOf(message: Uint8Array): Buffer {
  const { length } = message
  const headerBytes = length <= SHORT_LIMIT_BYTES ? 2 : 4
  const frame = Buffer.allocUnsafe(headerBytes + length)
  frame[0] = FINAL_BINARY
  if (length <= SHORT_LIMIT_BYTES) {
    frame[1] = length
  } else {
    frame[1] = TWO_BYTE_LENGTH
    frame.writeUInt16BE(length, 2)
  }
  frame.set(message, headerBytes)
  return frame
}

interface Wire {
  readonly stream: Duplex
  readonly sender: object
}

/** The private parts of a `WebSocket` that are written past, or null when they are not what they were. */
function wireOf(socket: object): Wire | null {
  const stream: unknown = Reflect.get(socket, '_socket')
  const sender: unknown = Reflect.get(socket, '_sender')
  const isKnown = stream instanceof Duplex && typeof sender === 'object' && sender !== null
  return isKnown && Reflect.get(sender, '_state') === SENDER_IDLE ? { stream, sender } : null
}

/**
 * How messages are written to sockets. `ws` makes a header and two writes for each socket; a telling to hundreds is the
 * same bytes for all, so it is framed once and written past `ws`. That needs two of its private fields: they are tried
 * out when the server starts, and without them every message goes through `send`.
 * @param sharesFrames false for the plain way
 */
export function socketSender(sharesFrames: boolean = framesCanBeShared()): (socket: Pick<SyncSocket, 'send'>) => Send {
  const last = new LastFrame()
  return (socket) => {
    const wire = sharesFrames ? wireOf(socket) : null
    return (message) => {
      if (wire === null || message.length > SHARED_LIMIT_BYTES || Reflect.get(wire.sender, '_state') !== SENDER_IDLE) {
        socket.send(message, { binary: true })
      } else {
        wire.stream.write(last.of(message))
      }
    }
  }
}

/** Whether a message that is written past `ws` leaves the same bytes as one that is sent, and is counted as queued. */
export function framesCanBeShared(): boolean {
  try {
    return [0, 1, SHORT_LIMIT_BYTES, SHORT_LIMIT_BYTES + 1, 4_096, SHARED_LIMIT_BYTES].every(isSame)
  } catch {
    // Something inside is not what it was: that is the answer.
    return false
  }
}

function isSame(length: number): boolean {
  const message = new Uint8Array(length).fill(length)
  const [sent, written] = [openSocket(), openSocket()]
  sent.socket.send(message, { binary: true })
  const wire = wireOf(written.socket)
  if (wire === null) return false
  wire.stream.write(frameOf(message))
  const isCounted = written.socket.bufferedAmount === sent.socket.bufferedAmount && written.socket.bufferedAmount > 0
  return isCounted && Buffer.compare(sent.bytes(), written.bytes()) === 0
}

/** A server's end of a socket over a line that takes everything and never says that it has. */
function openSocket(): { readonly socket: WebSocket; bytes(): Buffer } {
  const chunks: Buffer[] = []
  const line = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer) => void chunks.push(chunk),
    writev: (written: { readonly chunk: Buffer }[]) => void chunks.push(...written.map(({ chunk }) => chunk)),
  })
  // As `ws` itself makes the server's end (`lib/websocket-server.js`), which its types do not tell of.
  const socket: unknown = Reflect.construct(WebSocket, [null, undefined, {}])
  if (!(socket instanceof WebSocket)) throw new Error('a socket of ws cannot be made by hand')
  const open: unknown = Reflect.get(socket, 'setSocket')
  if (typeof open !== 'function') throw new Error('a socket of ws cannot be opened by hand')
  Reflect.apply(open, socket, [line, Buffer.alloc(0), {}])
  return { socket, bytes: () => Buffer.concat(chunks) }
}
