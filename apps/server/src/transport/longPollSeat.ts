import { EventEmitter } from 'node:events'
import type { Cancel, Clock } from '@dongbo/kernel/clock.ts'
import { LONG_POLL_WAIT_MS, type Downward } from '@dongbo/protocol/longPoll.ts'
import { MESSAGE_AWARENESS, SUBPROTOCOL } from '@dongbo/protocol/messages.ts'
import { WebSocket } from 'ws'
import type { SyncSocket } from './syncSocket.ts'

/** Frames that come close together go in one answer: each costs a whole request. */
const GATHER_MS = 50
/** Where others are may come later than what they write. */
const PRESENCE_MS = 1_000

/** A request's turn to hand frames over. */
export interface Turn {
  /** Resolves when what was handed over before has been taken. */
  readonly begins: Promise<void>
  /** To be called in any case, once or more. */
  end(): void
}

/**
 * A client's line over plain requests, in the shape of a WebSocket: what is sent waits for the client's next question. One
 * question waits at a time. What nobody asks for is bounded as for any slow reader, by `bufferedAmount`.
 */
export class LongPollSeat extends EventEmitter implements SyncSocket {
  readonly protocol = SUBPROTOCOL
  readonly #clock: Clock
  #readyState: number = WebSocket.OPEN
  #frames: Uint8Array[] = []
  #bufferedAmount = 0
  #closed: number | null = null
  #asker: ((answer: Downward) => void) | null = null
  #stopWaiting: Cancel = () => undefined
  #answerAt = Number.POSITIVE_INFINITY
  #stopGathering: Cancel = () => undefined
  #isPaused = false
  #resumed: (() => void)[] = []
  #turn: Promise<void> | null = null
  #isLastTurn = false

  constructor(clock: Clock) {
    super()
    this.#clock = clock
  }

  get readyState(): number {
    return this.#readyState
  }

  get bufferedAmount(): number {
    return this.#bufferedAmount
  }

  send(message: Uint8Array): void {
    if (this.#readyState !== WebSocket.OPEN) return
    this.#frames.push(message)
    this.#bufferedAmount += message.length
    this.#answerWithin(message[0] === MESSAGE_AWARENESS ? PRESENCE_MS : GATHER_MS)
  }

  /** The client's question for frames. Null when one waits already: two readers would tear the order. */
  ask(): Promise<Downward> | null {
    if (this.#asker !== null || this.#readyState === WebSocket.CLOSED) return null
    // That it asks is its answer to the pings.
    this.emit('pong')
    return new Promise((resolve) => {
      this.#asker = resolve
      this.#stopWaiting = this.#clock.after(LONG_POLL_WAIT_MS, () => this.#answer())
      if (this.#closed !== null) this.#answer()
      else if (this.#frames.length > 0) this.#answerWithin(this.#frames.every(isPresence) ? PRESENCE_MS : GATHER_MS)
    })
  }

  /** The request is gone before it was answered: what it would have taken waits for nobody. */
  askerGone(): void {
    if (this.#asker !== null) this.terminate()
  }

  /**
   * The turn of a request that carries frames up. Null while another has it: a client sends one after the other, and what
   * waits here while the room is paused is bounded so.
   */
  takeTurn(): Turn | null {
    if (this.#turn !== null || this.#isLastTurn) return null
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#turn = promise
    return {
      begins: Promise.resolve(),
      end: () => {
        if (this.#turn === promise) this.#turn = null
        resolve()
      },
    }
  }

  /** The turn of the request that closes, behind the one that carries frames now: its end is the seat's. Null for a second. */
  takeLastTurn(): Turn | null {
    if (this.#isLastTurn) return null
    this.#isLastTurn = true
    return { begins: this.#turn ?? Promise.resolve(), end: () => this.terminate() }
  }

  /** Frames from the client, in order. Resolves when more may come. */
  async receive(frames: readonly Uint8Array[]): Promise<void> {
    for (const frame of frames) {
      if (this.#isPaused) await new Promise<void>((resolve) => this.#resumed.push(resolve))
      if (this.#readyState === WebSocket.OPEN) this.emit('message', Buffer.from(frame), true)
    }
  }

  close(code: number): void {
    if (this.#readyState !== WebSocket.OPEN) return
    this.#readyState = WebSocket.CLOSING
    this.#closed = code
    this.resume()
    if (this.#asker !== null) this.#answer()
  }

  terminate(): void {
    if (this.#readyState === WebSocket.CLOSED) return
    this.#readyState = WebSocket.CLOSED
    this.#stopGathering()
    this.resume()
    const asker = this.#asker
    this.#asker = null
    this.#stopWaiting()
    asker?.({ frames: [], closed: this.#closed ?? 1006 })
    this.#frames = []
    this.#bufferedAmount = 0
    this.emit('close')
  }

  /** Somebody who waits for frames is there. */
  ping(): void {
    if (this.#asker !== null) this.emit('pong')
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    for (const goOn of this.#resumed.splice(0)) goOn()
  }

  #answerWithin(delayMs: number): void {
    const at = this.#clock.now() + delayMs
    if (this.#asker === null || at >= this.#answerAt) return
    this.#answerAt = at
    this.#stopGathering()
    this.#stopGathering = this.#clock.after(delayMs, () => this.#answer())
  }

  #answer(): void {
    const asker = this.#asker
    if (asker === null) return
    this.#asker = null
    this.#stopWaiting()
    this.#stopGathering()
    this.#answerAt = Number.POSITIVE_INFINITY
    const frames = this.#frames
    this.#frames = []
    this.#bufferedAmount = 0
    asker({ frames, closed: this.#closed })
    if (this.#closed !== null) this.terminate()
  }
}

function isPresence(frame: Uint8Array): boolean {
  return frame[0] === MESSAGE_AWARENESS
}
