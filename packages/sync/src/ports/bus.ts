/**
 * Carries short notices between server nodes. At most once, unordered across topics: the log stays the truth, a lost
 * notice may only cost time. Every adapter passes `busContract` (testkit).
 */
export interface Bus {
  /** Resolves once the notice is handed over; rejects when the bus cannot be reached. */
  publish(topic: string, notice: Uint8Array): Promise<void>
  /** Hears notices of `topic` published by any node, this one included. Returns how to stop. */
  subscribe(topic: string, hear: (notice: Uint8Array) => void): Promise<() => Promise<void>>
  close(): Promise<void>
}
