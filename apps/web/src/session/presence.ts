import type { Peer } from './liveDocument.ts'

/** Where somebody is in the matrix: a cell of a task's row, or one of its fields with the text open. */
export interface MatrixCursor {
  readonly task: string
  /** A body's id or the name of a frozen column. */
  readonly column: string
  /** The text field being typed in, or null. */
  readonly typing: string | null
}

export interface PlacedPeer {
  readonly peer: Peer
  readonly cursor: MatrixCursor
}

/** Those whose cursor says a place; what does not look like one is left out. */
export function placedPeers(peers: readonly Peer[]): readonly PlacedPeer[] {
  return peers.flatMap((peer) => {
    const { task, column, typing } = peer.cursor ?? {}
    if (typeof task !== 'string' || typeof column !== 'string') return []
    return [{ peer, cursor: { task, column, typing: typeof typing === 'string' ? typing : null } }]
  })
}

export function cursorRecord(cursor: MatrixCursor): Readonly<Record<string, string | null>> {
  return { task: cursor.task, column: cursor.column, typing: cursor.typing }
}

/** One person once, however many tabs he has open. */
export function people(peers: readonly Peer[]): readonly Peer[] {
  return [...new Map(peers.map((peer) => [peer.personId, peer])).values()]
}
