import { pathKey } from '@dongbo/model/containerPath.ts'
import type { Path } from '@dongbo/model/documentChange.ts'
import { useState } from 'react'
import { useLanguage, useText } from '#i18n/useText.ts'
import { proposeChange } from '#intents/proposeChange.ts'
import { browserClock, browserRandom } from '#session/clock.ts'
import { useLive } from '#session/liveDocument.ts'
import { Banner } from '#ui/Banner.tsx'
import { Button } from '#ui/Button.tsx'
import { Dialog, DialogActions } from '#ui/Dialog.tsx'
import { classNames } from '#ui/classNames.ts'
import styles from '../saving/SaveLine.module.css'
import { useMatrix } from './MatrixContext.ts'
import { refusedEntry, type RefusedEntry } from './refusedEntry.ts'

const css = classNames(styles)

/**
 * What the server did not take: where, why, mine and what stands there. Each is proposed to those who may decide it, or
 * copied, or let go; nothing goes away by itself.
 */
export function RefusedDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const language = useLanguage()
  const matrix = useMatrix()
  const refused = useLive(matrix.live, (view) => view.refused)
  const [dropping, setDropping] = useState<readonly Path[] | null>(null)
  const entries = refused.map((place) => refusedEntry(place, matrix, language))
  const proposable = entries.filter(({ asked }) => asked !== null)

  const propose = ({ asked, path }: RefusedEntry): void => {
    const clock = { clock: browserClock, random: browserRandom }
    if (asked === null || !proposeChange(matrix.writer, asked, matrix.actor, clock)) return
    matrix.live.dismissRefused([path])
  }
  const settled = (count: number): void => {
    if (count === entries.length) onClose()
  }
  return (
    <Dialog
      wide
      title={t('save.refusedTitle', { count: entries.length })}
      closeLabel={t('app.close')}
      onClose={onClose}
    >
      <Banner tone="error">{t('save.refusedBody')}</Banner>
      <ul className={css('list')}>
        {entries.map((entry) => (
          <li key={pathKey(entry.path)} aria-label={entry.place}>
            <span className={css('place')}>{entry.place}</span>
            <span className={css('ways')}>
              {entry.asked === null ? null : (
                <Button
                  aria-label={t('proposal.actOf', { act: t('save.refusedPropose'), place: entry.place })}
                  onClick={() => {
                    propose(entry)
                    settled(1)
                  }}
                >
                  {t('save.refusedPropose')}
                </Button>
              )}
              <CopyButton value={entry.mine} />
              <Button
                look="ghost"
                aria-label={t('proposal.actOf', { act: t('save.refusedDrop'), place: entry.place })}
                onClick={() => setDropping([entry.path])}
              >
                {t('save.refusedDrop')}
              </Button>
            </span>
            <span className={css('values')}>
              <span>
                {t('save.refusedYou')} <b>{entry.mine}</b>
              </span>
              <span>
                {t('save.refusedServer')} <b>{entry.theirs}</b>
              </span>
            </span>
            <span className={css('why')}>{entry.why}</span>
          </li>
        ))}
      </ul>
      {dropping === null ? (
        <DialogActions>
          <Button onClick={onClose}>{t('app.close')}</Button>
          <Button onClick={() => setDropping(entries.map(({ path }) => path))}>{t('save.refusedDropAll')}</Button>
          {proposable.length === 0 ? null : (
            <Button
              look="primary"
              onClick={() => {
                proposable.forEach(propose)
                settled(proposable.length)
              }}
            >
              {t('save.refusedProposeAll', { count: proposable.length })}
            </Button>
          )}
        </DialogActions>
      ) : (
        <Sure
          count={dropping.length}
          onKeep={() => setDropping(null)}
          onDrop={() => {
            matrix.live.dismissRefused(dropping)
            setDropping(null)
            settled(dropping.length)
          }}
        />
      )}
    </Dialog>
  )
}

interface SureProps {
  readonly count: number
  readonly onKeep: () => void
  readonly onDrop: () => void
}

/** What is let go here is nowhere else. */
function Sure({ count, onKeep, onDrop }: SureProps) {
  const t = useText()
  return (
    <div role="group" aria-label={t('save.refusedDropSure', { count })}>
      <p className={css('sure')} role="alert">
        {t('save.refusedDropSure', { count })}
      </p>
      <DialogActions>
        <Button autoFocus onClick={onKeep}>
          {t('save.refusedKeep')}
        </Button>
        <Button look="primary" onClick={onDrop}>
          {t('save.refusedDrop')}
        </Button>
      </DialogActions>
    </div>
  )
}

function CopyButton({ value }: { value: string }) {
  const t = useText()
  const [copied, setCopied] = useState(false)
  return (
    <Button onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}>
      {t(copied ? 'save.refusedCopied' : 'save.refusedCopy')}
    </Button>
  )
}
