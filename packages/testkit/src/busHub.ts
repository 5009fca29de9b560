import type { Random } from '@dongbo/kernel/random.ts'
import type { Bus } from '@dongbo/sync/ports/bus.ts'

interface Waiting {
  readonly topic: string
  readonly notice: Uint8Array
}

/**
 * One bus for several nodes in one process. Each node hears what was said in the order in which it was said; when it
 * hears it is the test's to choose, unless `isPrompt`: then it is at the next microtask.
 */
export class BusHub {
  isPrompt: boolean
  /** What never arrives. */
  loses: (topic: string, notice: Uint8Array) => boolean = () => false
  readonly #ends: HubEnd[] = []

  constructor({ isPrompt = true } = {}) {
    this.isPrompt = isPrompt
  }

  /** A node's end, connected until the test says otherwise. */
  end(): HubEnd {
    const end = new HubEnd((topic, notice) => this.#say(topic, notice))
    this.#ends.push(end)
    return end
  }

  /** Everybody hears everything that was said, and what is said thereupon. */
  deliver(): void {
    while (this.#ends.some((end) => end.hearNext()));
  }

  /** One node that has something to hear hears one thing. False when nobody has. */
  deliverOne(random: Random): boolean {
    const waiting = this.#ends.filter((end) => end.waits)
    return waiting[random.below(Math.max(1, waiting.length))]?.hearNext() ?? false
  }

  #say(topic: string, notice: Uint8Array): void {
    if (this.loses(topic, notice)) return
    for (const end of this.#ends) {
      if (!end.connected) continue
      end.expect({ topic, notice: notice.slice() })
      if (this.isPrompt) queueMicrotask(() => end.hearNext())
    }
  }
}

export class HubEnd implements Bus {
  readonly #say: (topic: string, notice: Uint8Array) => void
  readonly #hearers = new Map<string, Set<(notice: Uint8Array) => void>>()
  readonly #changes = new Set<(connected: boolean) => void>()
  #waiting: Waiting[] = []
  #connected = true

  constructor(say: (topic: string, notice: Uint8Array) => void) {
    this.#say = say
  }

  get connected(): boolean {
    return this.#connected
  }

  /** Away: nothing is said or heard, and what was under way is lost. */
  set connected(connected: boolean) {
    if (this.#connected === connected) return
    this.#connected = connected
    if (!connected) this.#waiting = []
    for (const hear of [...this.#changes]) hear(connected)
  }

  get waits(): boolean {
    return this.#waiting.length > 0
  }

  expect(waiting: Waiting): void {
    this.#waiting.push(waiting)
  }

  hearNext(): boolean {
    const next = this.#waiting.shift()
    if (next === undefined) return false
    for (const hear of [...(this.#hearers.get(next.topic) ?? [])]) {
      try {
        hear(next.notice)
      } catch (error) {
        // The others hear it all the same; the test learns of it as of any error that nobody caught.
        queueMicrotask(() => {
          throw error
        })
      }
    }
    return true
  }

  async publish(topic: string, notice: Uint8Array): Promise<void> {
    if (!this.#connected) throw new Error('the bus is away')
    this.#say(topic, notice)
  }

  async subscribe(topic: string, hear: (notice: Uint8Array) => void): Promise<() => Promise<void>> {
    const hearers = this.#hearers.get(topic) ?? new Set()
    this.#hearers.set(topic, hearers)
    hearers.add(hear)
    return async () => void hearers.delete(hear)
  }

  onChange(hear: (connected: boolean) => void): () => void {
    this.#changes.add(hear)
    return () => void this.#changes.delete(hear)
  }

  async close(): Promise<void> {
    this.#hearers.clear()
    this.#waiting = []
  }
}
