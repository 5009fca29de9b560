/**
 * Carries short notices between server nodes. At most once, unordered across topics: the log stays the truth, a lost
 * notice may only cost time. Every adapter passes `busContract` (testkit).
 */
export interface Bus {
  /** Resolves once the notice is handed over; rejects, at the latest after two seconds, when the bus is out of reach. */
  publish(topic: string, notice: Uint8Array): Promise<void>
  /**
   * Hears notices of `topic` published by any node, this one included. While the bus is out of reach nothing is heard;
   * once it is back, everything is again. Returns how to stop.
   */
  subscribe(topic: string, hear: (notice: Uint8Array) => void): Promise<() => Promise<void>>
  /** Whether other nodes can be reached just now; never for a server that runs alone. */
  readonly connected: boolean
  /** Hears each change of `connected`. Returns how to stop. */
  onChange(hear: (connected: boolean) => void): () => void
  close(): Promise<void>
}
