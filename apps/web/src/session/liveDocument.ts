import type { DocumentName } from '@dongbo/model/documentName.ts'
import { Connection, type ConnectionView } from '@dongbo/sync/client/connection.ts'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { browserClock, browserRandom } from './clock.ts'

/** One person's live copy of a document, as `view` shows it at this moment. */
export type LiveDocument = Connection
export type LiveView = ConnectionView
export type SaveState = ConnectionView['save']
export type Peer = ConnectionView['peers'][number]
export type RefusedPlace = ConnectionView['refused'][number]

/** Opens the document while the component is mounted; null until then. */
export function useLiveDocument(document: DocumentName): LiveDocument | null {
  const [live, setLive] = useState<LiveDocument | null>(null)
  useEffect(() => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const serverUrl = `${scheme}://${location.host}/sync`
    const connection = new Connection({ serverUrl, document, clock: browserClock, random: browserRandom, WebSocket })
    setLive(connection)
    // The network is back: no need to wait for the next attempt.
    const online = (): void => {
      if (connection.view.save.at === 'offline') connection.retry()
    }
    window.addEventListener('online', online)
    return () => {
      window.removeEventListener('online', online)
      setLive(null)
      connection.close()
    }
  }, [document])
  return live
}

/** One part of the live view; the component renders again only when that part changes. */
export function useLive<Part>(live: LiveDocument, pick: (view: LiveView) => Part): Part {
  return useSyncExternalStore(
    (changed) => live.subscribe(changed),
    () => pick(live.view),
  )
}
