import { instant, type Clock } from '@dongbo/kernel/clock.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { matrixOf, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { Connection, type ConnectionView } from '@dongbo/sync/client/connection.ts'
import { longPollSocket } from '@dongbo/sync/client/longPollSocket.ts'

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

/** `fetch` with a cookie and an origin, as a browser's. */
function fetchWith(cookie: string, origin: string): typeof globalThis.fetch {
  return (input, init) => fetch(input, { ...init, headers: { ...Object(init?.headers), cookie, origin } })
}

/** A network that lets no WebSocket through, as some offices have it: every attempt fails after a moment. */
function blockedSocket(): typeof globalThis.WebSocket {
  return class BlockedSocket extends WebSocket {
    constructor() {
      // Nobody listens there, ever.
      super('ws://127.0.0.1:9/')
    }
  }
}

/** How a tab reaches its server. */
export type Way = 'WebSocket' | 'plain requests' | 'whatever gets through'

/** The web app's own connection to the demo matrix, in this process, for a demo account. */
export async function openTab(url: string, email: string, seed = 1, line: Way = 'WebSocket'): Promise<Connection> {
  return tabOf({ url, cookie: await signIn(url, email), seed, line })
}

export interface TabOptions {
  readonly url: string
  readonly cookie: string
  readonly seed: number
  readonly line?: Way
  readonly document?: DocumentName
  /** Another clock than this machine's, for a computer whose time is wrong. */
  readonly clock?: Clock
}

/** A tab of somebody who has signed in already: the way back after a restart. */
export function tabOf(options: TabOptions): Connection {
  const { url, cookie, seed, line = 'WebSocket', document = DEMO_MATRIX, clock = WALL_CLOCK } = options
  const plain = longPollSocket(fetchWith(cookie, url))
  const socket = line === 'WebSocket' ? socketWith(cookie, url) : blockedSocket()
  return new Connection({
    serverUrl: `${url.replace(/^http/, 'ws')}/sync`,
    document,
    clock,
    random: seededRandom(seed),
    WebSocket: line === 'plain requests' ? plain : socket,
    Fallback: plain,
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
