import type { Clock } from '@dongbo/kernel/clock.ts'

/** Asks once for all who want to know meanwhile, and keeps the answer, a failure too, for so long after it has come. */
export function sharedAnswer<T>(clock: Clock, keptMs: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null
  /** When the answer came; null while it is awaited. */
  let since: number | null = null

  return () => {
    if (answer !== null && (since === null || clock.now() - since < keptMs)) return answer
    const asked = ask()
    answer = asked
    since = null
    const came = (): void => {
      since = clock.now()
    }
    asked.then(came, came)
    return asked
  }
}
