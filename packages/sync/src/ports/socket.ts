import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'

/** One live connection as a room sees it. */
export interface Socket {
  /** Bytes handed over but not yet taken by the network; a room buffers nothing for a slow reader. */
  readonly queuedBytes: number
  /** Queues one binary message. Does nothing on a closed socket. */
  send(message: Uint8Array): void
  close(reason: CloseReason): void
  /** Reads nothing from it until `resume`, so that whoever sends has to wait. What has arrived already may still come. */
  pause(): void
  resume(): void
}
