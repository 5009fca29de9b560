import { unreachable } from '@dongbo/kernel/assert.ts'
import type { ReactNode } from 'react'
import { clockTime } from '#features/matrix/dates.ts'
import { useText } from '#i18n/useText.ts'
import { useLive, type LiveDocument, type SaveState } from '#session/liveDocument.ts'
import { classNames } from '#ui/classNames.ts'
import styles from './SaveLine.module.css'

const css = classNames(styles)

interface SaveLineProps {
  readonly live: LiveDocument
  readonly onShowQueue: () => void
  readonly onShowRefused: () => void
  readonly onSignInAgain: () => void
}

/** What the server has confirmed, and nothing else. */
export function SaveLine({ live, onShowQueue, onShowRefused, onSignInAgain }: SaveLineProps) {
  const t = useText()
  const save = useLive(live, (view) => view.save)
  const keeping = useLive(live, (view) => view.keeping)
  const cells = useLive(live, (view) => view.refused.length)
  return (
    <>
      <span role="status" aria-live="polite" className={css('line')}>
        {cells > 0 ? (
          <Mark look="refused">
            {t('save.refused', { count: cells })} ·{' '}
            <button type="button" onClick={onShowRefused}>
              {t('save.view')}
            </button>
          </Mark>
        ) : (
          <State save={save} onShowQueue={onShowQueue} onSignInAgain={onSignInAgain} onRetry={() => live.retry()} />
        )}
        {keeping === 'while-open' ? <span className={css('last')}>{t('save.whileOpen')}</span> : null}
      </span>
    </>
  )
}

interface StateProps {
  readonly save: SaveState
  readonly onShowQueue: () => void
  readonly onSignInAgain: () => void
  readonly onRetry: () => void
}

function State({ save, onShowQueue, onSignInAgain, onRetry }: StateProps) {
  const t = useText()
  switch (save.at) {
    case 'connecting':
      return <Mark look="sending">{t('save.connecting')}</Mark>
    case 'saved':
      return (
        <Mark look="saved">
          {save.savedAt === null ? t('save.ready') : t('save.saved', { time: clockTime(save.savedAt) })}
        </Mark>
      )
    case 'sending':
      return (
        <>
          <Mark look="sending">{t('save.sending', { count: save.waiting })}</Mark>
          <LastSaved savedAt={save.savedAt} />
        </>
      )
    case 'offline':
      return (
        <>
          <Mark look="offline">
            <button type="button" onClick={onShowQueue}>
              {t('save.offline', { count: save.waiting })}
            </button>
          </Mark>
          <span className={css('last')}>
            {save.kept && save.waiting > 0 ? `${t('save.keptHere')} · ` : null}
            {t('save.since', { time: clockTime(save.since) })}
          </span>
          <LastSaved savedAt={save.savedAt} />
        </>
      )
    case 'stopped':
      return (
        <Mark look="refused">
          {save.because === 'signed-out' ? (
            <button type="button" onClick={onSignInAgain}>
              {t('save.signInAgain')}
            </button>
          ) : (
            <>
              {t('save.stopped', { reason: t(`save.stop.${save.because}`) })} ·{' '}
              <button type="button" onClick={onRetry}>
                {t('app.retry')}
              </button>
            </>
          )}
        </Mark>
      )
    default:
      return unreachable(save)
  }
}

function LastSaved({ savedAt }: { savedAt: number | null }) {
  const t = useText()
  return savedAt === null ? null : (
    <span className={css('last')}>{t('save.lastSaved', { time: clockTime(savedAt) })}</span>
  )
}

function Mark({ look, children }: { look: 'saved' | 'sending' | 'offline' | 'refused'; children: ReactNode }) {
  return (
    <span className={css('mark', look)}>
      <i />
      <span>{children}</span>
    </span>
  )
}
