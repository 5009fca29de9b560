/** The database cannot be used as configured; the message is one sentence that says what to do. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable'
}
