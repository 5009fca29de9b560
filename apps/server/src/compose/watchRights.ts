import type { Cancel, Clock } from '@dongbo/kernel/clock.ts'
import type { Registry } from '@dongbo/sync/room/registry.ts'
import type { SessionEndings } from '#access/endings.ts'
import type { Sessions } from '#access/sessions.ts'
import type { LiveSockets } from '#transport/liveSockets.ts'

/** Expiry is a moment: it shows within a second. */
const LOOK_EVERY_MS = 1_000
/** The database is asked this often: what another node changed shows within 5 s even without a bus. */
const ASK_EVERY_LOOKS = 4
/** `last_seen` is kept to the minute: writing it at every key would cost a commit each. */
const TOUCH_EVERY_LOOKS = 30

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
  let known = await fingerprint()
  let asking: Promise<void> = Promise.resolve()
  let cancel: Cancel = clock.after(LOOK_EVERY_MS, look)

  function look(): void {
    looks += 1
    sockets.closeExpired(clock.now())
    const due = looks % ASK_EVERY_LOOKS === 0
    asking = due ? asking.then(ask).catch(reportError) : asking
    cancel = clock.after(LOOK_EVERY_MS, look)
  }

  async function ask(): Promise<void> {
    if (looks % TOUCH_EVERY_LOOKS < ASK_EVERY_LOOKS) await sessions.touch(sockets.takeActive())
    // Asking for each session anew is dear with hundreds in a plan, and rights change a few times a day.
    const current = await fingerprint()
    // After the line was read: whose session ended in the same moment is told that, not that there is no document.
    for (const sessionId of await sessions.overAmong(sockets.sessionIds())) sockets.closeSession(sessionId)
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
