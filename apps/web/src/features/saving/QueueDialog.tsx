import { useText } from '#i18n/useText.ts'
import type { SaveState } from '#session/liveDocument.ts'
import { Banner } from '#ui/Banner.tsx'
import { Button } from '#ui/Button.tsx'
import { Dialog, DialogActions } from '#ui/Dialog.tsx'

interface QueueDialogProps {
  readonly save: SaveState
  readonly onRetry: () => void
  readonly onClose: () => void
}

/** What being offline means for what is written now, and how much waits. */
export function QueueDialog({ save, onRetry, onClose }: QueueDialogProps) {
  const t = useText()
  const waiting = save.at === 'offline' || save.at === 'sending' ? save.waiting : 0
  return (
    <Dialog title={t('save.queueTitle')} closeLabel={t('app.close')} onClose={onClose}>
      <Banner tone="warning" title={t('save.offline', { count: waiting })}>
        {t('save.offlineBody')}
      </Banner>
      <DialogActions>
        <Button onClick={onClose}>{t('app.close')}</Button>
        <Button look="primary" onClick={onRetry}>
          {t('app.retry')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
