import type { Me } from '@dongbo/api/routes/me.ts'
import { useRef, useState, type FormEvent } from 'react'
import { errorSentence } from '#features/errorSentence.ts'
import { useText } from '#i18n/useText.ts'
import { signIn } from '#session/signIn.ts'
import { Banner } from '#ui/Banner.tsx'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import { TextField } from '#ui/Field.tsx'
import type { DemoAccount } from './demoAccounts.ts'
import styles from './Credentials.module.css'

const css = classNames(styles)

interface CredentialsProps {
  readonly email?: string
  readonly demoAccounts: readonly DemoAccount[]
  readonly onSignedIn: (me: Me) => void
}

/** E-mail and password. What is wrong is said at the field or above the button; what was typed stays. */
export function Credentials({ email: knownEmail = '', demoAccounts, onSignedIn }: CredentialsProps) {
  const t = useText()
  const [email, setEmail] = useState(knownEmail)
  const [password, setPassword] = useState('')
  const [checked, setChecked] = useState(false)
  const [sending, setSending] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const submit = useRef<HTMLButtonElement>(null)
  const emailMissing = !/^\S+@\S+$/.test(email.trim())

  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setChecked(true)
    if (emailMissing || password === '' || sending) return
    setSending(true)
    setRefusal(null)
    try {
      onSignedIn(await signIn({ email: email.trim(), password }))
    } catch (error) {
      setRefusal(errorSentence(error) ?? t('app.crashed'))
      setSending(false)
    }
  }
  return (
    <form className={css('form')} noValidate onSubmit={(event) => void onSubmit(event)}>
      {demoAccounts.length > 0 ? (
        <div className={css('demo')} role="group" aria-label={t('signIn.demoAccounts')}>
          <p>
            <b>{t('signIn.demoAccounts')}</b> {t('signIn.demoHint')}
          </p>
          {demoAccounts.map((account) => (
            <Button
              key={account.email}
              icon="key"
              aria-pressed={account.email === email}
              onClick={() => {
                setEmail(account.email)
                setPassword(account.password)
                setRefusal(null)
                submit.current?.focus()
              }}
            >
              {t(DEMO_LABEL[account.does])}
            </Button>
          ))}
        </div>
      ) : null}
      <TextField
        big
        label={t('signIn.email')}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        autoFocus={knownEmail === ''}
        error={checked && emailMissing ? t('signIn.emailMissing') : undefined}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        big
        label={t('signIn.password')}
        type="password"
        name="password"
        autoComplete="current-password"
        value={password}
        data-autofocus={knownEmail === '' ? undefined : true}
        error={checked && password === '' ? t('signIn.passwordMissing') : undefined}
        onChange={(event) => setPassword(event.target.value)}
      />
      {refusal === null ? null : (
        <Banner tone="error" announce>
          {refusal}
        </Banner>
      )}
      <Button ref={submit} look="primary" big icon="key" type="submit" aria-busy={sending}>
        {sending ? t('signIn.submitting') : t('signIn.submit')}
      </Button>
    </form>
  )
}

const DEMO_LABEL = {
  officer: 'signIn.demoOfficer',
  approver: 'signIn.demoApprover',
  coordinator: 'signIn.demoCoordinator',
} as const
