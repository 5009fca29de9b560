import { ulid } from '@dongbo/kernel/ulid.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { Connection, type ConnectionView } from '@dongbo/sync/client/connection.ts'
import { longPollSocket } from '@dongbo/sync/client/longPollSocket.ts'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { browserClock, browserRandom } from './clock.ts'
import { tabLocks } from './tabLocks.ts'

/** One person's live copy of a document, as `view` shows it at this moment. */
export type LiveDocument = Connection
export type LiveView = ConnectionView
export type SaveState = ConnectionView['save']
export type Peer = ConnectionView['peers'][number]
export type RefusedPlace = ConnectionView['refused'][number]

/** Opens a person's copy of the document while the component is mounted; null until then. */
export function useLiveDocument(document: DocumentName, personId: string): LiveDocument | null {
  const [live, setLive] = useState<LiveDocument | null>(null)
  useEffect(() => {
    const connection = open(document, personId)
    setLive(connection)
    // The network is back: no need to wait for the next attempt.
    const online = (): void => {
      if (connection.view.save.at === 'offline') connection.retry()
    }
    const offline = (): void => connection.lineLost()
    // The page may be about to go without another word: phones end pages that are out of sight.
    const hidden = (): void => {
      if (window.document.visibilityState === 'hidden') void connection.flush()
    }
    const gone = (event: PageTransitionEvent): void => {
      if (event.persisted) void connection.flush()
      else connection.close()
    }
    window.addEventListener('online', online)
    window.addEventListener('offline', offline)
    window.document.addEventListener('visibilitychange', hidden)
    window.addEventListener('pagehide', gone)
    return () => {
      window.removeEventListener('online', online)
      window.removeEventListener('offline', offline)
      window.document.removeEventListener('visibilitychange', hidden)
      window.removeEventListener('pagehide', gone)
      setLive(null)
      connection.close()
    }
  }, [document, personId])
  return live
}

function open(document: DocumentName, personId: string): LiveDocument {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  return new Connection({
    serverUrl: `${scheme}://${location.host}/sync`,
    document,
    clock: browserClock,
    random: browserRandom,
    WebSocket,
    Fallback: longPollSocket(fetch.bind(globalThis)),
    device: { personId, copy: ulid(browserClock.now(), browserRandom), locks: tabLocks() },
    // The screen knows what this person may write as soon as it knows his plan.
    may: null,
  })
}

/** One part of the live view; the component renders again only when that part changes. */
export function useLive<Part>(live: LiveDocument, pick: (view: LiveView) => Part): Part {
  return useSyncExternalStore(
    (changed) => live.subscribe(changed),
    () => pick(live.view),
  )
}
