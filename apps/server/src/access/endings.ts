import type { Bus } from '@dongbo/sync/ports/bus.ts'
import type { Sessions } from './sessions.ts'

const TOPIC = 'dongbo:sessions-ended'
/** SHA-256 in hexadecimal: anything else on the topic is not from us. */
const SESSION_ID = /^[0-9a-f]{64}$/

/** Ends sessions, and tells every node, so that their live sockets close there too. */
export interface SessionEndings {
  end(sessionId: string): Promise<void>
  /** Hears of sessions that ended, on whichever node. */
  onEnd(hear: (sessionId: string) => void): Promise<() => Promise<void>>
}

export function sessionEndings(sessions: Sessions, bus: Bus, reportError: (error: unknown) => void): SessionEndings {
  return {
    async end(sessionId) {
      await sessions.end(sessionId)
      try {
        await bus.publish(TOPIC, new TextEncoder().encode(sessionId))
      } catch (error) {
        // The row is gone, so every node finds out by itself at its next look; the bus only makes it sooner.
        reportError(error)
      }
    },
    async onEnd(hear) {
      return await bus.subscribe(TOPIC, (notice) => {
        const sessionId = new TextDecoder().decode(notice)
        if (SESSION_ID.test(sessionId)) hear(sessionId)
      })
    },
  }
}
