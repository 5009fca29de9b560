import { err } from '@dongbo/kernel/result.ts'
import type { Registry } from '@dongbo/sync/room/registry.ts'
import type { Sessions } from '#access/sessions.ts'
import type { SyncParts } from '#transport/websocket.ts'

/** The way into a room. Who may not read a document and whose session has ended meanwhile are told different things. */
export function roomEntrance(registry: Registry, sessions: Sessions): SyncParts['join'] {
  return async ({ document, ...caller }) => {
    const joined = await registry.join(document, caller)
    if (joined.ok || joined.error !== 'no-such-document') return joined
    const over = await sessions.overAmong([caller.sessionId])
    return over.length > 0 ? err('signed-out') : joined
  }
}
