/** How an error looks in the log. */
interface LoggedError {
  readonly type: string
  readonly message: string
  readonly stack: string
  readonly [more: string]: unknown
}

/**
 * An error for the log, without content: drizzle puts a failed query's values, which are people's words, into message,
 * stack and `params`, and PostgreSQL into `detail`. What the driver said about it is what matters.
 */
export function loggedError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error', stack: '' }
  if ('query' in error && 'params' in error) {
    const driver = error.cause instanceof Error ? loggedError(error.cause) : null
    return {
      type: error.name,
      message: `query failed: ${driver?.message ?? 'no cause given'}`,
      stack: driver?.stack ?? '',
      ...(driver?.['code'] === undefined ? {} : { code: driver['code'] }),
    }
  }
  return {
    type: error.name,
    message: error.message,
    stack: error.stack ?? '',
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
  }
}
