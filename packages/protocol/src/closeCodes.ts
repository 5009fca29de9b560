/**
 * Why the server closes a socket. `retry` says what the client does by itself: `backoff` reconnects with a growing,
 * jittered delay; `never` waits for a person.
 * The catalogue in `docs/protocol.md` lists the same set (`tests/architecture/docs.test.ts`).
 */
export const CLOSE_CODES = {
  'signed-out': { code: 4401, retry: 'never', text: 'the session has ended; sign in again' },
  'write-refused': { code: 4403, retry: 'never', text: 'an update wrote where its author may not' },
  'no-such-document': { code: 4404, retry: 'never', text: 'no such document, or not for you' },
  'bad-frame': { code: 4400, retry: 'never', text: 'the bytes are not a message of this protocol' },
  generation: { code: 4409, retry: 'never', text: 'the document was restored: a copy from before cannot be merged' },
  'too-large': { code: 4413, retry: 'never', text: 'the message or the document is too large' },
  'slow-down': { code: 4429, retry: 'backoff', text: 'too many messages' },
  restart: { code: 1012, retry: 'backoff', text: 'the server restarts' },
  overloaded: { code: 1013, retry: 'backoff', text: 'the server cannot keep up; try again later' },
} as const satisfies Record<string, { code: number; retry: 'backoff' | 'never'; text: string }>

export type CloseReason = keyof typeof CLOSE_CODES

/** RFC 6455: what the WebSocket layer itself says of a frame beyond its limit, before any of our code sees it. */
const MESSAGE_TOO_BIG = 1009

/** The reason behind a close code, or null for codes that are not ours (network loss, browser). */
export function closeReasonOf(code: number): CloseReason | null {
  if (code === MESSAGE_TOO_BIG) return 'too-large'
  for (const [reason, entry] of Object.entries(CLOSE_CODES)) if (entry.code === code) return reason as CloseReason
  return null
}
