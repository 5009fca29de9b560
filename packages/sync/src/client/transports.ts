import type { Cancel, Clock } from '@dongbo/kernel/clock.ts'
import type { OwnEdits } from './ownEdits.ts'

type SocketClass = typeof globalThis.WebSocket

/** So many attempts in a row that brought nothing: once may be a server that restarts. */
const ATTEMPTS = 2
/** A proxy that knows no WebSockets may swallow the question instead of refusing it. */
const OPEN_LIMIT_MS = 6_000
/** How long to stay with plain requests before WebSockets are tried again: the laptop may be in another network by then. */
const RETRY_MS = 600_000

/** Chooses between WebSockets and plain requests: the ones that get through, WebSockets rather. */
export class Transports {
  readonly #clock: Clock
  readonly #webSocket: SocketClass
  readonly #fallback: SocketClass | null
  readonly #retryDue: () => void
  #isFallback = false
  #hasServed = false
  #failures = 0
  #stopWaiting: Cancel = () => undefined

  /** @param retryDue called when plain requests have served long enough that WebSockets should be tried again */
  constructor(clock: Clock, webSocket: SocketClass, fallback: SocketClass | null, retryDue: () => void) {
    this.#clock = clock
    this.#webSocket = webSocket
    this.#fallback = fallback
    this.#retryDue = retryDue
  }

  /** What the next connection is made of. */
  get #next(): SocketClass {
    return this.#isFallback && this.#fallback !== null ? this.#fallback : this.#webSocket
  }

  /** A class for the next connection, telling `edits` of it. */
  socketFor(edits: OwnEdits): SocketClass {
    return observedSocket(this.#next, edits, this.#clock)
  }

  /** The present connection has brought the document: one that only opens, as through some proxies, is none. */
  served(): void {
    this.#hasServed = true
    this.#failures = 0
    if (!this.#isFallback) return
    this.#stopWaiting()
    this.#stopWaiting = this.#clock.after(RETRY_MS, () => {
      this.#isFallback = false
      this.#retryDue()
    })
  }

  closed(): void {
    const hadServed = this.#hasServed
    this.#hasServed = false
    if (hadServed) return
    this.#failures++
    if (this.#isFallback) this.#isFallback = false
    else this.#isFallback = this.#failures >= ATTEMPTS
  }

  stop(): void {
    this.#stopWaiting()
  }
}

/**
 * The given WebSocket class, telling `edits` of every socket and every message (the provider has no hook for it), and
 * giving up an attempt that nobody answers.
 */
function observedSocket(Base: SocketClass, edits: OwnEdits, clock: Clock): SocketClass {
  return class ObservedSocket extends Base {
    constructor(url: string | URL, protocols?: ConstructorParameters<typeof WebSocket>[1]) {
      super(url, protocols)
      edits.socketOpened()
      const stopWaiting = clock.after(OPEN_LIMIT_MS, () => {
        if (this.readyState === this.CONNECTING) this.close()
      })
      this.addEventListener('open', stopWaiting)
      this.addEventListener('close', stopWaiting)
    }

    override send(message: Parameters<WebSocket['send']>[0]): void {
      if (typeof message !== 'string' && !(message instanceof Blob)) edits.sent(message)
      super.send(message)
    }
  }
}
