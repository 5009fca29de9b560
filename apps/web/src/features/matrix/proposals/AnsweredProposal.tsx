import type { Proposal } from '@dongbo/model/matrix/proposals/proposal.ts'
import { shortName } from '#features/body/bodyName.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import { shortDate } from '../dates.ts'
import { valueName } from '../editNames.ts'
import { useMatrix } from '../MatrixContext.ts'
import styles from './Proposals.module.css'
import { placeWords } from './proposalWords.ts'

const css = classNames(styles)

/** What became of a proposal, with the word that was said. */
export function AnsweredProposal({ proposal }: { proposal: Proposal }) {
  const t = useText()
  const language = useLanguage()
  const matrix = useMatrix()
  const { decision } = proposal
  if (decision === null) return null
  const name = (id: string): string => {
    const body = matrix.bodies.get(id)
    return body === undefined ? id : shortName(body, language)
  }
  const date = shortDate(decision.on, matrix.planYear)
  return (
    <div className={css('answer')}>
      <p>
        <b>{t(`proposal.state.${decision.state}`)}</b> · {placeWords(proposal.place, matrix, language)}:{' '}
        {valueName(proposal.value, matrix, language)}
      </p>
      {decision.word === '' ? null : <p className={css('reason')}>{decision.word}</p>}
      <p className={css('by')}>{t('proposal.by', { body: name(decision.body), date })}</p>
    </div>
  )
}
