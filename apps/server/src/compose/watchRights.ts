import type { Cancel, Clock } from '@dongbo/kernel/clock.ts'
import type { Registry } from '@dongbo/sync/room/registry.ts'
import type { SessionEndings } from '#access/endings.ts'
import type { Sessions } from '#access/sessions.ts'
import type { LiveSockets } from '#transport/liveSockets.ts'

/**
 * What anybody changed, on whichever node or in the database itself, acts within a second. The question takes the
 * database 0.3 ms with a hundred people and 4 ms with five thousand.
 */
const LOOK_EVERY_MS = 500
/** A sign-out on another node is told by the bus; without one it shows within 5 s. */
const SESSIONS_EVERY_LOOKS = 8
/** `last_seen` is kept to the minute: writing it at every key would cost a commit each. */
const TOUCH_EVERY_LOOKS = 60

interface Parts {
  readonly sessions: Sessions
  readonly endings: SessionEndings
  readonly sockets: LiveSockets
  readonly registry: Registry
  readonly clock: Clock
  /** Changes whenever anybody's rights may have changed. */
  readonly fingerprint: () => Promise<string>
  readonly reportError: (error: unknown) => void
}

/** Takes rights away from live sockets: at once when it is told, within seconds when it has to find out. */
export async function watchRights(parts: Parts): Promise<{ stop(): Promise<void> }> {
  const { sessions, endings, sockets, registry, clock, reportError, fingerprint } = parts
  const stopHearing = await endings.onEnd((sessionId) => sockets.closeSession(sessionId))
  let looks = 0
  let sessionsAt = 0
  let touchedAt = 0
  let known = await fingerprint()
  let asking: Promise<void> | null = null
  let cancel: Cancel = clock.after(LOOK_EVERY_MS, look)

  function look(): void {
    looks += 1
    sockets.closeExpired(clock.now())
    // A database that answers slowly is not asked again before it has answered.
    asking ??= ask()
      .catch(reportError)
      .finally(() => {
        asking = null
      })
    cancel = clock.after(LOOK_EVERY_MS, look)
  }

  async function ask(): Promise<void> {
    if (looks - touchedAt >= TOUCH_EVERY_LOOKS) {
      touchedAt = looks
      await sessions.touch(sockets.takeActive())
    }
    // Asking for each session anew is dear with hundreds in a plan, and rights change a few times a day.
    const current = await fingerprint()
    // After the line was read: whose session ended in the same moment is told that, not that there is no document.
    if (current !== known || looks - sessionsAt >= SESSIONS_EVERY_LOOKS) {
      sessionsAt = looks
      for (const sessionId of await sessions.overAmong(sockets.sessionIds())) sockets.closeSession(sessionId)
    }
    if (current === known) return
    await registry.refreshGrants()
    known = current
  }

  return {
    async stop() {
      cancel()
      await stopHearing()
      await asking
    },
  }
}
