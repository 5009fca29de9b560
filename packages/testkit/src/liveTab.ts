import { instant, type Clock } from '@dongbo/kernel/clock.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { matrixOf, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { Connection, type ConnectionView } from '@dongbo/sync/client/connection.ts'

export const DEMO_PASSWORD = 'Dongbo-2026!'
export const DEMO_MATRIX = matrixOf(trustedId<PlanId>('kh-2026'))

/** Real time: these tabs talk to a server in another process. */
const WALL_CLOCK: Clock = {
  now: () => instant(Date.now()),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Signs in at a running server. @returns the cookie, as the header `cookie` takes it */
export async function signIn(url: string, email: string, password: string = DEMO_PASSWORD): Promise<string> {
  const response = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  })
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0]
  if (response.status !== 200 || cookie === undefined) throw new Error(`not signed in: ${await response.text()}`)
  return cookie
}

/** A WebSocket class whose sockets carry a cookie and an origin, as a browser's do. */
export function socketWith(cookie: string, origin: string): typeof globalThis.WebSocket {
  return class CookieSocket extends WebSocket {
    constructor(url: string | URL, protocols?: ConstructorParameters<typeof WebSocket>[1]) {
      const named = typeof protocols === 'string' || Array.isArray(protocols) ? protocols : []
      super(url, { protocols: named, headers: { cookie, origin } })
    }
  }
}

/** The web app's own connection to the demo matrix, in this process, for a demo account. */
export async function openTab(url: string, email: string, seed = 1): Promise<Connection> {
  return tabOf({ url, cookie: await signIn(url, email), seed })
}

export interface TabOptions {
  readonly url: string
  readonly cookie: string
  readonly seed: number
  readonly document?: DocumentName
  /** Another clock than this machine's, for a computer whose time is wrong. */
  readonly clock?: Clock
}

/** A tab of somebody who has signed in already: the way back after a restart. */
export function tabOf({ url, cookie, seed, document = DEMO_MATRIX, clock = WALL_CLOCK }: TabOptions): Connection {
  return new Connection({
    serverUrl: `${url.replace(/^http/, 'ws')}/sync`,
    document,
    clock,
    random: seededRandom(seed),
    WebSocket: socketWith(cookie, url),
  })
}

/** Resolves with the view as soon as it is as wanted: awaits the event, never a time. */
export function until(tab: Connection, wanted: (view: ConnectionView) => boolean): Promise<ConnectionView> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!wanted(tab.view)) return
      stop()
      tab.view.matrix.doc.off('update', look)
      resolve(tab.view)
    }
    // The view is replaced for what the screen shows of the connection; the document tells of its own changes.
    const stop = tab.subscribe(look)
    tab.view.matrix.doc.on('update', look)
    look()
  })
}

export const isSaved = (view: ConnectionView): boolean => view.loaded && view.save.at === 'saved'
