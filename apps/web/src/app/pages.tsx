import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { errorSentence } from '#features/errorSentence.ts'
import { useText } from '#i18n/useText.ts'
import { signOut } from '#session/signIn.ts'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import { Lotus } from '#ui/Lotus.tsx'
import { Mark } from '#ui/Mark.tsx'
import styles from './pages.module.css'

const css = classNames(styles)

function Page({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <main className={css('page')}>
      <Lotus />
      <h1>{title}</h1>
      {children === undefined ? null : <p>{children}</p>}
      <div className={css('actions')}>{actions}</div>
    </main>
  )
}

export function NotFoundPage() {
  const t = useText()
  return (
    <Page title={t('app.notFound')} actions={<Link to="/">{t('app.toMatrix')}</Link>}>
      {t('app.notFoundHint')}
    </Page>
  )
}

export function NoPlanPage() {
  const t = useText()
  const router = useRouter()
  const leave = async (): Promise<void> => {
    await signOut()
    router.history.push('/sign-in?because=signed-out')
  }
  return (
    <Page title={t('app.noPlan')} actions={<Button onClick={() => void leave()}>{t('me.signOut')}</Button>}>
      {t('app.noPlanHint')}
    </Page>
  )
}

/** What failed and what is safe; for an unreachable server, trying again is the way on. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  const t = useText()
  const router = useRouter()
  const said = errorSentence(error)
  const again = (): void => {
    reset()
    void router.invalidate()
  }
  return (
    <Page
      title={said ?? t('app.crashed')}
      actions={
        <Button look="primary" onClick={said !== null ? again : () => location.reload()}>
          {said !== null ? t('app.retry') : t('app.reload')}
        </Button>
      }
    >
      {said !== null ? undefined : t('app.crashedHint')}
    </Page>
  )
}

/** Shown only when opening takes longer than 300 ms. */
export function OpeningPage() {
  const t = useText()
  return (
    <main className={css('page')} aria-busy="true">
      <Mark size={44} />
      <p>{t('app.loading')}</p>
    </main>
  )
}
