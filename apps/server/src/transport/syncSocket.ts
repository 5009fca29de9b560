import type { RawData } from 'ws'

/**
 * What a room's door needs of a client's line: a WebSocket of `ws`, or a seat of plain requests in its shape. Ready states
 * are those of WebSocket.
 */
export interface SyncSocket {
  readonly readyState: number
  /** The subprotocol that was agreed on. */
  readonly protocol: string
  readonly bufferedAmount: number
  send(message: Uint8Array, options: { readonly binary: true }): void
  close(code: number, text: string): void
  terminate(): void
  ping(): void
  pause(): void
  resume(): void
  on(event: 'message', listener: (data: RawData, isBinary: boolean) => void): unknown
  on(event: 'pong', listener: () => void): unknown
  once(event: 'close', listener: () => void): unknown
}
