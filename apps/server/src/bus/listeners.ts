type Hear = (notice: Uint8Array) => void

/** Who hears what in this process. A listener that throws is reported and does not keep the others from hearing. */
export class Listeners {
  readonly #byTopic = new Map<string, Set<Hear>>()
  readonly #reportError: (error: unknown) => void

  constructor(reportError: (error: unknown) => void) {
    this.#reportError = reportError
  }

  /** True for the first listener of a topic. */
  add(topic: string, hear: Hear): boolean {
    const hearers = this.#byTopic.get(topic)
    if (hearers === undefined) {
      this.#byTopic.set(topic, new Set([hear]))
      return true
    }
    hearers.add(hear)
    return false
  }

  /** True when nobody listens to the topic any more. */
  remove(topic: string, hear: Hear): boolean {
    const hearers = this.#byTopic.get(topic)
    if (hearers === undefined) return false
    hearers.delete(hear)
    if (hearers.size > 0) return false
    this.#byTopic.delete(topic)
    return true
  }

  tell(topic: string, notice: Uint8Array): void {
    for (const hear of [...(this.#byTopic.get(topic) ?? [])]) {
      try {
        hear(notice)
      } catch (error) {
        this.#reportError(error)
      }
    }
  }

  topics(): readonly string[] {
    return [...this.#byTopic.keys()]
  }

  clear(): void {
    this.#byTopic.clear()
  }
}
