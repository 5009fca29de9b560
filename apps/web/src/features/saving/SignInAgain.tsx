import type { Me } from '@dongbo/api/routes/me.ts'
import { Credentials } from '#features/sign-in/Credentials.tsx'
import { useText } from '#i18n/useText.ts'
import { Banner } from '#ui/Banner.tsx'
import { Dialog } from '#ui/Dialog.tsx'
import { classNames } from '#ui/classNames.ts'
import styles from './SaveLine.module.css'

const css = classNames(styles)

interface SignInAgainProps {
  readonly email: string
  readonly waiting: number
  readonly onSignedIn: (me: Me) => void
  readonly onClose: () => void
}

/** Signing in without leaving the page, so that what waits on this machine stays where it is. */
export function SignInAgain({ email, waiting, onSignedIn, onClose }: SignInAgainProps) {
  const t = useText()
  return (
    <Dialog title={t('signIn.again')} closeLabel={t('app.close')} onClose={onClose}>
      <Banner tone="info">{t('signIn.againLead', { count: waiting })}</Banner>
      <div className={css('credentials')}>
        <Credentials email={email} demoAccounts={[]} onSignedIn={onSignedIn} />
      </div>
    </Dialog>
  )
}
