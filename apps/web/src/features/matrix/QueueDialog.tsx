import { useLanguage, useText } from '#i18n/useText.ts'
import { useLive } from '#session/liveDocument.ts'
import { Banner } from '#ui/Banner.tsx'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import { Dialog, DialogActions } from '#ui/Dialog.tsx'
import styles from '../saving/SaveLine.module.css'
import { placeName, valueName } from './editNames.ts'
import { useMatrix } from './MatrixContext.ts'

const css = classNames(styles)

/** What is written on this machine and not yet confirmed by the server, place by place. */
export function QueueDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const language = useLanguage()
  const matrix = useMatrix()
  const save = useLive(matrix.live, (view) => view.save)
  const waiting = 'waiting' in save ? save.waiting : 0
  return (
    <Dialog title={t('save.queueTitle')} closeLabel={t('app.close')} onClose={onClose}>
      {save.at === 'saved' ? (
        <p>{t('save.queueEmpty')}</p>
      ) : (
        <Banner tone="warning" title={t('save.offline', { count: waiting })}>
          {t('save.offlineBody')}
        </Banner>
      )}
      <ul className={css('list')}>
        {matrix.live.waitingEdits().map(({ path, value }) => (
          <li key={path.join('/')}>
            <span className={css('place')}>{placeName(path, matrix, language)}</span>
            <span className={css('values')}>{valueName(value, matrix, language)}</span>
          </li>
        ))}
      </ul>
      <DialogActions>
        <Button data-autofocus onClick={onClose}>
          {t('app.close')}
        </Button>
        <Button look="primary" onClick={() => matrix.live.retry()}>
          {t('app.retry')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
