import type { CookieSerializeOptions } from '@fastify/cookie'

/**
 * The session's cookie. `__Host-` binds it to exactly this host over TLS; browsers refuse that prefix on plain http, so
 * there (a demo on one's own machine) it has a plain name.
 */
export interface SessionCookie {
  readonly name: '__Host-dongbo' | 'dongbo'
  readonly options: CookieSerializeOptions
}

export function sessionCookie(isHttps: boolean): SessionCookie {
  return {
    name: isHttps ? '__Host-dongbo' : 'dongbo',
    options: { path: '/', httpOnly: true, sameSite: 'lax', secure: isHttps },
  }
}
