import { useText } from '#i18n/useText.ts'
import { Banner } from '#ui/Banner.tsx'
import { Button } from '#ui/Button.tsx'
import { Dialog, DialogActions } from '#ui/Dialog.tsx'

interface SignOutDialogProps {
  readonly unsent: number
  readonly onStay: () => void
  readonly onLeave: () => void
}

/** Asked before signing out would take edits away that the server has never seen. */
export function SignOutDialog({ unsent, onStay, onLeave }: SignOutDialogProps) {
  const t = useText()
  return (
    <Dialog title={t('me.unsentTitle', { count: unsent })} closeLabel={t('app.close')} onClose={onStay}>
      <Banner tone="warning">{t('me.unsentBody')}</Banner>
      <DialogActions>
        <Button onClick={onLeave}>{t('me.unsentLeave')}</Button>
        <Button look="primary" data-autofocus onClick={onStay}>
          {t('me.unsentStay')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
