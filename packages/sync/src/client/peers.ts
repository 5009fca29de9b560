import type { Awareness } from 'y-protocols/awareness'

/** Somebody else in the document, as the server vouches for it. */
export interface Peer {
  /** One for each open tab; stable while it is open. */
  readonly id: number
  readonly personId: string
  readonly name: string
  readonly bodyId: string
  /** What `setCursor` of that tab said, checked by the server to be small and flat. */
  readonly cursor: Readonly<Record<string, string | number | null>> | null
}

/** Everybody but this tab. States that do not look like the server's are left out. */
export function readPeers(awareness: Awareness): readonly Peer[] {
  const peers: Peer[] = []
  for (const [id, state] of awareness.getStates()) {
    const user: unknown = state['user']
    if (id === awareness.clientID || !isUser(user)) continue
    const cursor: unknown = state['cursor']
    peers.push({ id, ...user, cursor: isCursor(cursor) ? cursor : null })
  }
  return peers
}

function isUser(value: unknown): value is { personId: string; name: string; bodyId: string } {
  if (typeof value !== 'object' || value === null) return false
  const user = value as Record<string, unknown>
  return ['personId', 'name', 'bodyId'].every((key) => typeof user[key] === 'string')
}

function isCursor(value: unknown): value is Record<string, string | number | null> {
  return typeof value === 'object' && value !== null
}
