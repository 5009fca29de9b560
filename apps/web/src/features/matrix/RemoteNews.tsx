import type { TaskId } from '@dongbo/model/ids.ts'
import { useEffect, useState } from 'react'
import { shortName } from '#features/body/bodyName.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { browserClock } from '#session/clock.ts'
import { placedPeers } from '#session/presence.ts'
import { useMatrix } from './MatrixContext.ts'

/** Others' edits are gathered for this long before they are spoken, so that a screen reader is not talked over. */
const GATHER_MS = 2_500

/** Tells a screen reader, sparsely, that others have changed something. */
export function RemoteNews() {
  const t = useText()
  const language = useLanguage()
  const { live, view, bodies } = useMatrix()
  const [news, setNews] = useState('')

  useEffect(() => {
    const gathered = new Set<TaskId>()
    let cancel: (() => void) | null = null
    const say = (): void => {
      cancel = null
      const [first] = gathered
      const task = first === undefined ? undefined : view.row(first)?.task
      const here = placedPeers(live.view.peers).filter(({ cursor }) => cursor.task === first)
      const body = here.length === 1 ? bodies.get(here[0]?.peer.bodyId ?? '') : undefined
      if (gathered.size > 1) setNews(t('matrix.remoteEdits', { count: gathered.size }))
      else if (task !== undefined && body !== undefined) {
        setNews(t('matrix.remoteEdit', { body: shortName(body, language), code: task.code }))
      } else if (task !== undefined) setNews(t('matrix.remoteEditBySomebody', { code: task.code }))
      gathered.clear()
    }
    const stop = view.onRemote((tasks) => {
      for (const task of tasks) gathered.add(task)
      cancel ??= browserClock.after(GATHER_MS, say)
    })
    return () => {
      stop()
      cancel?.()
    }
  }, [live, view, bodies, language, t])

  return (
    <p className="visually-hidden" aria-live="polite">
      {news}
    </p>
  )
}
