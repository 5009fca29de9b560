import type { Me } from '@dongbo/api/routes/me.ts'
import { columnKind } from '@dongbo/model/body.ts'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useLanguage, useText } from '#i18n/useText.ts'
import { errorSentence } from '#features/errorSentence.ts'
import { fullName } from '#features/body/bodyName.ts'
import { setPreferences } from '#session/preferences.ts'
import { signInBodiesQuery } from '#session/queries.ts'
import { Banner } from '#ui/Banner.tsx'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import { Icon } from '#ui/Icon.tsx'
import { KindMark } from '#ui/KindMark.tsx'
import { Mark } from '#ui/Mark.tsx'
import { BodyCombobox } from './BodyCombobox.tsx'
import { Credentials } from './Credentials.tsx'
import { DEMO_COORDINATOR, demoAccountsOf, type DemoAccount } from './demoAccounts.ts'
import { Lacquer } from './Lacquer.tsx'
import styles from './SignInScreen.module.css'

const css = classNames(styles)

interface SignInScreenProps {
  readonly because?: 'expired' | 'signed-out' | undefined
  readonly onSignedIn: (me: Me) => void
}

/** First the body (rights follow it), then e-mail and password. */
export function SignInScreen({ because, onSignedIn }: SignInScreenProps) {
  const t = useText()
  const language = useLanguage()
  const { data, error, refetch } = useQuery(signInBodiesQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const bodies = data?.bodies ?? []
  const body = bodies.find((one) => one.id === chosen)
  const asCoordinator = chosen === 'coordinator'

  useEffect(() => {
    document.title = t('signIn.documentTitle')
  }, [t, language])

  return (
    <main className={css('screen')}>
      <Lacquer bodies={bodies} />
      <section className={css('side')}>
        <div className={css('form')}>
          <div className={css('brand')} aria-hidden="true">
            <Mark size={32} />
            <b>{t('app.name')}</b>
          </div>
          {because === 'expired' ? (
            <Banner tone="info" announce>
              {t('signIn.expired')}
            </Banner>
          ) : null}
          {because === 'signed-out' ? <Banner tone="info">{t('signIn.signedOut')}</Banner> : null}
          <div>
            <h1>{t('signIn.title')}</h1>
            <p className={css('lead')}>{t('signIn.lead')}</p>
          </div>
          {error === null ? null : (
            <Banner tone="error" announce actions={<Button onClick={() => void refetch()}>{t('app.retry')}</Button>}>
              {errorSentence(error) ?? t('app.crashed')}
            </Banner>
          )}
          {body === undefined && !asCoordinator ? (
            <BodyCombobox bodies={bodies} onChoose={setChosen} />
          ) : (
            <>
              <div>
                <p className={css('label')}>{t('signIn.body')}</p>
                <div className={css('chosen')}>
                  {body === undefined ? <Icon name="grid" /> : <KindMark kind={columnKind(body)} size={13} />}
                  <b>{body === undefined ? t('signIn.demoCoordinator') : fullName(body, language)}</b>
                  <Button look="ghost" onClick={() => setChosen(null)}>
                    {t('signIn.changeBody')}
                  </Button>
                </div>
              </div>
              <Credentials demoAccounts={accounts(data?.demo === true, body?.id)} onSignedIn={onSignedIn} />
            </>
          )}
          {data?.demo === true && body === undefined && !asCoordinator ? (
            <Button big icon="key" onClick={() => setChosen('coordinator')}>
              {t('signIn.demoCoordinator')}
            </Button>
          ) : null}
          <div className={css('note')}>
            <Icon name={data?.demo === true ? 'info' : 'lock'} />
            <span>{data?.demo === true ? t('app.demo') : t('signIn.note')}</span>
          </div>
          <div className={css('languages')}>
            <button type="button" aria-pressed={language === 'vi'} onClick={() => setPreferences({ language: 'vi' })}>
              Tiếng Việt
            </button>
            <button type="button" aria-pressed={language === 'en'} onClick={() => setPreferences({ language: 'en' })}>
              English
            </button>
          </div>
        </div>
      </section>
    </main>
  )
}

function accounts(demo: boolean, bodyId: string | undefined): readonly DemoAccount[] {
  if (!demo) return []
  return bodyId === undefined ? [DEMO_COORDINATOR] : demoAccountsOf(bodyId)
}
