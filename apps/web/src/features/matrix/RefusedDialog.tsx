import type { TaskId } from '@dongbo/model/ids.ts'
import { parseCellKey } from '@dongbo/model/matrix/shape.ts'
import { isDenial } from '@dongbo/policy/explain.ts'
import { useState } from 'react'
import { text, type Language } from '#i18n/catalogue.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { useLive, type RefusedPlace } from '#session/liveDocument.ts'
import { Banner } from '#ui/Banner.tsx'
import { Button } from '#ui/Button.tsx'
import { Dialog, DialogActions } from '#ui/Dialog.tsx'
import { classNames } from '#ui/classNames.ts'
import styles from '../saving/SaveLine.module.css'
import { useMatrix, type MatrixContextValue } from './MatrixContext.ts'
import { placeName, valueName } from './editNames.ts'
import { reason } from './words.ts'

const css = classNames(styles)

/** What the server did not take: where, why, and the value as it was typed, to be copied before it is let go. */
export function RefusedDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const language = useLanguage()
  const matrix = useMatrix()
  const refused = useLive(matrix.live, (view) => view.refused)
  const entries = refused.map((place) => entryOf(place, matrix, language))
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
          <li key={entry.key}>
            <span className={css('place')}>{entry.place}</span>
            <CopyButton value={entry.value} />
            <span className={css('values')}>
              {t('save.refusedYou')} <b>{entry.value}</b> {t('save.refusedServer')} <b>{entry.kept}</b>
            </span>
            <span className={css('why')}>{entry.why}</span>
          </li>
        ))}
      </ul>
      <DialogActions>
        <Button onClick={onClose}>{t('app.close')}</Button>
        <Button
          look="primary"
          onClick={() => {
            matrix.live.dismissRefused()
            onClose()
          }}
        >
          {t('save.refusedDiscard')}
        </Button>
      </DialogActions>
    </Dialog>
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

interface Entry {
  readonly key: string
  readonly place: string
  /** As people read it. */
  readonly value: string
  /** What stands there for everybody. */
  readonly kept: string
  readonly why: string
}

function entryOf({ path, mine, theirs, code }: RefusedPlace, matrix: MatrixContextValue, language: Language): Entry {
  return {
    key: `${code} ${path.join('/')}`,
    place: placeName(path, matrix, language),
    value: valueName(mine, matrix, language),
    kept: valueName(theirs, matrix, language),
    why: isDenial(code)
      ? (reason({ allow: false, because: code }, language, matrix.bodies, about(path, matrix)) ?? '')
      : text('save.refusedOther', { code }),
  }
}

/** The bodies that a denial at this place is about. */
function about(
  [root, key = '']: readonly string[],
  { view }: MatrixContextValue,
): { lead?: string | null; body?: string } {
  const cell = root === 'roles' ? parseCellKey(key) : null
  const task = cell === null ? key : cell.ok ? cell.value.task : ''
  const lead = view.row(task as TaskId)?.task.lead ?? null
  return cell?.ok === true ? { lead, body: cell.value.body } : { lead }
}
