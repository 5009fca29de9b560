/** SQLSTATE classes that we tell apart (PostgreSQL manual, appendix A). */
export const UNIQUE_VIOLATION = '23505'
export const INVALID_PASSWORD = '28P01'
export const INVALID_AUTHORIZATION = '28000'
export const NO_SUCH_DATABASE = '3D000'

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
