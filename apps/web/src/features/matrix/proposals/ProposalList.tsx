import { useState } from 'react'
import { useLanguage, useText } from '#i18n/useText.ts'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import type { Row } from '#views/matrixView.ts'
import { useMatrix } from '../MatrixContext.ts'
import { AnsweredProposal } from './AnsweredProposal.tsx'
import { OpenProposal } from './OpenProposal.tsx'
import { ProposeForm } from './ProposeForm.tsx'
import styles from './Proposals.module.css'
import { proposablePlaces } from './proposablePlaces.ts'

const css = classNames(styles)

/** Answers shown of a task: the latest ones; the whole of it is its history. */
const SHOWN_ANSWERS = 5

/** There is one drawer: where its proposals stand. */
const SECTION = 'proposals'

/** Says at the top of the drawer that proposals wait further down, and leads there. */
export function ProposalsWaiting({ row }: { row: Row }) {
  const t = useText()
  const count = row.proposals.filter(({ proposal }) => proposal.decision === null).length
  return count === 0 ? null : (
    <button
      type="button"
      className={css('waiting')}
      onClick={() => {
        const section = document.getElementById(SECTION)
        section?.scrollIntoView({ block: 'nearest' })
        section?.focus({ preventScroll: true })
      }}
    >
      {t('proposal.waiting', { count })}
    </button>
  )
}

/** What is proposed for a task, what became of earlier proposals, and a form to propose more. */
export function ProposalList({ row }: { row: Row }) {
  const t = useText()
  const language = useLanguage()
  const { rights, me } = useMatrix()
  const [asking, setAsking] = useState(false)
  const open = row.proposals.filter(({ proposal }) => proposal.decision === null)
  const answered = row.proposals.filter(({ proposal }) => proposal.decision !== null).slice(-SHOWN_ANSWERS)
  const places = rights.propose().allow ? proposablePlaces(row.task.id, rights, me.body.id, language) : []
  if (open.length === 0 && answered.length === 0 && places.length === 0) return null
  return (
    <section id={SECTION} tabIndex={-1} className={css('proposals')} aria-label={t('proposal.title')}>
      <h3>{t('proposal.title')}</h3>
      {open.map((shown) => (
        <OpenProposal key={shown.proposal.id} shown={shown} />
      ))}
      {answered.length === 0 ? null : (
        <details className={css('answered')}>
          <summary>{t('proposal.answered', { count: answered.length })}</summary>
          {answered.toReversed().map(({ proposal }) => (
            <AnsweredProposal key={proposal.id} proposal={proposal} />
          ))}
        </details>
      )}
      {places.length === 0 ? null : asking ? (
        <ProposeForm row={row} places={places} onDone={() => setAsking(false)} />
      ) : (
        <div>
          <Button icon="plus" onClick={() => setAsking(true)}>
            {t('proposal.open')}
          </Button>
        </div>
      )}
    </section>
  )
}
