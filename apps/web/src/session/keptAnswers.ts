import type * as z from 'zod'
import { UnreachableError } from './request.ts'

/** The last answers that a page needs to open: who I am and my plans. In the browser's store until I sign out. */
const PREFIX = 'dongbo.kept.'

/** Asks, and keeps the answer; without the network, the answer that was kept. Rejects as `ask` does when there is none. */
export async function answerOrKept<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  ask: () => Promise<z.output<Schema>>,
): Promise<z.output<Schema>> {
  try {
    const answer = await ask()
    keepAnswer(name, answer)
    return answer
  } catch (error) {
    const kept = error instanceof UnreachableError && error.because === 'network' ? keptAnswer(name, schema) : null
    if (kept === null) throw error
    return kept
  }
}

export function keepAnswer(name: string, answer: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(answer))
  } catch {
    // Forbidden or full: this page then opens with the network only.
  }
}

export function forgetAnswers(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key)
  } catch {
    // What may not be read was not kept either.
  }
}

/** Null when nothing was kept, or an older version kept something else. */
function keptAnswer<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> | null {
  try {
    const parsed = schema.safeParse(JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null'))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
