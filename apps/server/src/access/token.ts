import { createHash, randomBytes } from 'node:crypto'

/** 256 bits from the system's generator: not from `Random`, which a seed may replay. */
const TOKEN_BYTES = 32
const TOKEN_SHAPE = /^[A-Za-z0-9_-]{43}$/

/** The secret that the browser keeps. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

/** What the database keeps of it, and what the rest of the server calls the session; null for what is no token. */
export function sessionIdOf(token: string): string | null {
  return TOKEN_SHAPE.test(token) ? createHash('sha256').update(token).digest('hex') : null
}
