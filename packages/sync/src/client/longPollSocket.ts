import { CLOSE_CODES } from '@dongbo/protocol/closeCodes.ts'
import { FRAME_LIMIT_BYTES } from '@dongbo/protocol/limits.ts'
import { framesBody, openSeatPath, readDownward, seatPath } from '@dongbo/protocol/longPoll.ts'
import { SUBPROTOCOL } from '@dongbo/protocol/messages.ts'

/** RFC 6455: what a browser says of a connection that broke without a word. */
const ABNORMAL = 1006
/** RFC 6455: closed by this side. */
const NO_STATUS = 1005
/** Most that lib0 writes before a frame of ours: its length. */
const LENGTH_BYTES = 5
/** Fetch: browsers refuse more in all requests that outlive their page. */
const KEEPALIVE_LIMIT_BYTES = 65_536

/**
 * A class with WebSocket's shape over plain requests, for networks that let no WebSocket through. The address is a
 * socket's; anything that fails ends it as a cut does.
 */
export function longPollSocket(fetch: typeof globalThis.fetch): typeof globalThis.WebSocket {
  return class LongPollSocket extends EventTarget implements WebSocket {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSING = 2
    static readonly CLOSED = 3
    readonly CONNECTING = 0
    readonly OPEN = 1
    readonly CLOSING = 2
    readonly CLOSED = 3
    binaryType: WebSocket['binaryType'] = 'arraybuffer'
    readonly extensions = ''
    readonly protocol = SUBPROTOCOL
    readonly url: string
    readyState: WebSocket['readyState'] = 0
    onopen: WebSocket['onopen'] = null
    onmessage: WebSocket['onmessage'] = null
    onclose: WebSocket['onclose'] = null
    onerror: WebSocket['onerror'] = null
    readonly #stop = new AbortController()
    #seat: string | null = null
    #waiting: Uint8Array[] = []
    #isSending = false

    constructor(url: string | URL) {
      super()
      this.url = String(url)
      void this.#open()
    }

    get bufferedAmount(): number {
      return this.#waiting.reduce((sum, { length }) => sum + length, 0)
    }

    send(data: Parameters<WebSocket['send']>[0]): void {
      if (typeof data === 'string' || data instanceof Blob) throw new Error('only bytes are sent')
      const frame = ArrayBuffer.isView(data)
        ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
        : new Uint8Array(data)
      if (this.readyState !== this.OPEN) return
      this.#waiting.push(frame.slice())
      if (!this.#isSending) void this.#sendWaiting()
    }

    close(): void {
      if (this.readyState >= this.CLOSING) return
      const seat = this.#seat
      const last = this.#takeWaiting(KEEPALIVE_LIMIT_BYTES)
      this.#end(NO_STATUS)
      if (seat === null) return
      // The page may be going: what is still to be said (that a client id is free) goes with the closing.
      const keepalive = framesBody(last).length <= KEEPALIVE_LIMIT_BYTES
      void this.#post(seatPath(seat, 'close'), last, { keepalive }).catch(() => undefined)
    }

    async #open(): Promise<void> {
      const { pathname, search } = new URL(this.url)
      try {
        const document = pathname.replace(/^\/sync\//, '')
        const answer = await this.#post(openSeatPath(document) + search, [], { signal: this.#stop.signal })
        if (!answer.ok) return this.#end(codeFor(answer.status))
        const seat = await answer.text()
        if (this.readyState !== this.CONNECTING) return
        this.#seat = seat
        this.readyState = this.OPEN
        this.#say(new Event('open'))
        await this.#listen(seat)
      } catch {
        // Whatever went wrong on the way, it is a connection that broke.
        this.#end(ABNORMAL)
      }
    }

    async #listen(seat: string): Promise<void> {
      while (this.readyState === this.OPEN) {
        const answer = await this.#post(seatPath(seat, 'down'), [], { signal: this.#stop.signal })
        if (!answer.ok) return this.#end(codeFor(answer.status))
        const { frames, closed } = readDownward(new Uint8Array(await answer.arrayBuffer()))
        for (const frame of frames) {
          if (this.readyState !== this.OPEN) return
          this.#say(new MessageEvent('message', { data: frame.slice().buffer }))
        }
        if (closed !== null) return this.#end(closed)
      }
    }

    async #sendWaiting(): Promise<void> {
      this.#isSending = true
      try {
        while (this.#waiting.length > 0 && this.#seat !== null && this.readyState === this.OPEN) {
          const answer = await this.#post(seatPath(this.#seat, 'up'), this.#takeWaiting(FRAME_LIMIT_BYTES), {
            signal: this.#stop.signal,
          })
          if (!answer.ok) this.#end(codeFor(answer.status))
        }
      } catch {
        // Whether it arrived is not known: the next connection compares.
        this.#end(ABNORMAL)
      }
      this.#isSending = false
    }

    /** The frames that come first and go into one body: the server takes no larger one, and a frame alone always. */
    #takeWaiting(limitBytes: number): Uint8Array[] {
      let bytes = 0
      const end = this.#waiting.findIndex(
        ({ length }, index) => (bytes += length + LENGTH_BYTES) > limitBytes && index > 0,
      )
      return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end)
    }

    async #post(path: string, frames: readonly Uint8Array[], init: RequestInit): Promise<Response> {
      const { protocol, host } = new URL(this.url)
      return await fetch(`${protocol === 'wss:' ? 'https' : 'http'}://${host}${path}`, {
        method: 'POST',
        credentials: 'same-origin',
        cache: 'no-store',
        headers: { 'content-type': 'application/octet-stream' },
        body: framesBody(frames).slice(),
        ...init,
      })
    }

    #say(event: Event): void {
      if (event instanceof MessageEvent) this.onmessage?.(event)
      else this.onopen?.(event)
      this.dispatchEvent(event)
    }

    #end(code: number): void {
      if (this.readyState === this.CLOSED) return
      this.readyState = this.CLOSED
      this.#stop.abort()
      const event = new CloseEvent('close', { code })
      this.onclose?.(event)
      this.dispatchEvent(event)
    }
  }
}

/** What a socket would have been closed with. */
function codeFor(status: number): number {
  if (status === 401) return CLOSE_CODES['signed-out'].code
  if (status === 413) return CLOSE_CODES['too-large'].code
  return status === 429 ? CLOSE_CODES['slow-down'].code : ABNORMAL
}
