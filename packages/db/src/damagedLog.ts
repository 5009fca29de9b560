/** What the store holds about a document is damaged beyond what snapshots can bridge. Nothing may be built on it. */
export class DamagedLog extends Error {
  override readonly name = 'DamagedLog'
}
