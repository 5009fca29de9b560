/** SQLSTATE classes that we tell apart (PostgreSQL manual, appendix A). */
export const UNIQUE_VIOLATION = '23505'
export const INVALID_PASSWORD = '28P01'
export const INVALID_AUTHORIZATION = '28000'
export const NO_SUCH_DATABASE = '3D000'
export const NO_SUCH_TABLE = '42P01'
export const NO_SUCH_COLUMN = '42703'

/**
 * The SQLSTATE or Node error code of a failed query, or null. drizzle wraps the driver's error, and postgres.js wraps the
 * socket's, so the chain of causes is followed.
 */
export function errorCode(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return null
}

/** The server ends or refuses connections (class 57 and 08), or the line to it is gone (postgres.js, Node). */
const OUT_OF_REACH =
  /^(57P0[1-5]|08...|53300|CONNECTION_(CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|ECONN\w+|ENOTFOUND|EPIPE|ETIMEDOUT)$/

/** Whether a query failed because the database cannot be reached: later it may work. */
export function isOutOfReach(error: unknown): boolean {
  return OUT_OF_REACH.test(errorCode(error) ?? '')
}
