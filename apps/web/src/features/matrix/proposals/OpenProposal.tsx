import { useState, type FormEvent } from 'react'
import { shortName } from '#features/body/bodyName.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { answerProposal } from '#intents/answerProposal.ts'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import { TextField } from '#ui/Field.tsx'
import { Icon } from '#ui/Icon.tsx'
import type { ShownProposal } from '#views/shownProposals.ts'
import { shortDate } from '../dates.ts'
import { valueName } from '../editNames.ts'
import { useMatrix } from '../MatrixContext.ts'
import { reason } from '../words.ts'
import { ProposedChange } from './ProposedChange.tsx'
import styles from './Proposals.module.css'
import { placeWords } from './proposalWords.ts'

const css = classNames(styles)

/** One open proposal: from what to what, by whom, and what I may do with it. */
export function OpenProposal({ shown }: { shown: ShownProposal }) {
  const t = useText()
  const language = useLanguage()
  const matrix = useMatrix()
  const [declining, setDeclining] = useState(false)
  const { proposal } = shown
  const { rights, writer, actor, bodies, planYear, view } = matrix
  const may = rights.answer(proposal)
  const place = placeWords(proposal.place, matrix, language)
  const body = bodies.get(proposal.authorBody)
  const lead = view.row(proposal.place.task)?.task.lead ?? null
  const why = reason(may.accepted, language, bodies, {
    lead,
    ...(proposal.place.on === 'cell' ? { body: proposal.place.body } : {}),
  })
  const label = (act: string): string => t('proposal.actOf', { act, place })
  return (
    <article className={css('item')} aria-label={label(t('proposal.title'))}>
      <h4>{place}</h4>
      <ProposedChange shown={shown} />
      {proposal.reason === '' ? null : <p className={css('reason')}>{proposal.reason}</p>}
      {shown.hasMoved ? (
        <p className={css('moved')}>
          <Icon name="warning" size={13} />
          {t('proposal.moved', { value: valueName(proposal.was, matrix, language) })}
        </p>
      ) : null}
      <p className={css('by')}>
        {t(proposal.author === actor.person ? 'proposal.byMe' : 'proposal.by', {
          body: body === undefined ? proposal.authorBody : shortName(body, language),
          date: shortDate(proposal.on, planYear),
        })}
      </p>
      {declining ? (
        <DeclineForm
          onCancel={() => setDeclining(false)}
          onDecline={(word) => answerProposal(writer, proposal.id, { state: 'declined', word }, actor)}
        />
      ) : (
        <div className={css('actions')}>
          {may.accepted.allow ? (
            <Button
              icon="check"
              aria-label={label(t('proposal.accept'))}
              onClick={() => answerProposal(writer, proposal.id, { state: 'accepted' }, actor)}
            >
              {t('proposal.accept')}
            </Button>
          ) : null}
          {may.declined.allow && !may.withdrawn.allow ? (
            <Button aria-label={label(t('proposal.decline'))} onClick={() => setDeclining(true)}>
              {t('proposal.decline')}
            </Button>
          ) : null}
          {may.withdrawn.allow ? (
            <Button
              look="ghost"
              aria-label={label(t('proposal.withdraw'))}
              onClick={() => answerProposal(writer, proposal.id, { state: 'withdrawn' }, actor)}
            >
              {t('proposal.withdraw')}
            </Button>
          ) : null}
        </div>
      )}
      {why === null ? null : (
        <p className={css('why')}>
          <Icon name="lock" size={13} />
          {why}
        </p>
      )}
    </article>
  )
}

function DeclineForm({ onCancel, onDecline }: { onCancel: () => void; onDecline: (word: string) => void }) {
  const t = useText()
  const [word, setWord] = useState('')
  const [checked, setChecked] = useState(false)
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    setChecked(true)
    if (word.trim() !== '') onDecline(word)
  }
  return (
    <form noValidate onSubmit={onSubmit}>
      <TextField
        autoFocus
        label={t('proposal.declineWhy')}
        value={word}
        maxLength={500}
        error={checked && word.trim() === '' ? t('proposal.declineMissing') : undefined}
        onChange={(event) => setWord(event.target.value)}
      />
      <div className={css('actions')}>
        <Button onClick={onCancel}>{t('app.cancel')}</Button>
        <Button type="submit">{t('proposal.decline')}</Button>
      </div>
    </form>
  )
}
