import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a request comes from our own pages. Browsers name the page's origin themselves and pages cannot change it, so
 * this keeps other sites from acting with a signed-in reader's cookie. `publicOrigin` is that of `PUBLIC_URL`: when it is
 * set, it alone counts, because what a proxy passes on as `Host` is not always what the browser asked for.
 */
export function isOwnOrigin(
  origin: string | undefined,
  host: string | undefined,
  publicOrigin: string | null,
): boolean {
  if (origin === undefined) return false
  if (publicOrigin !== null) return origin === publicOrigin
  // Compared whole: `http://host.example.evil` and `http://evil/host` share only a part.
  return host !== undefined && host !== '' && (origin === `http://${host}` || origin === `https://${host}`)
}

/**
 * Whether a request that changes something may be taken. Browsers send `Origin` with every such request; programs that
 * are no browser send neither it nor `Sec-Fetch-Site`, and carry no reader's cookie by accident.
 */
export function mayChange(headers: IncomingHttpHeaders, publicOrigin: string | null): boolean {
  if (headers.origin !== undefined) return isOwnOrigin(headers.origin, headers.host, publicOrigin)
  const site = headers['sec-fetch-site']
  return site === undefined || site === 'same-origin' || site === 'none'
}
