import { ROLES } from '@dongbo/model/role.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import type { ShownProposal } from '#views/shownProposals.ts'
import { valueName } from '../editNames.ts'
import { useMatrix } from '../MatrixContext.ts'
import { RoleChip } from '../RoleChip.tsx'
import styles from './Proposals.module.css'

const css = classNames(styles)

/** Letters of a text shown on either side of what changes. */
const AROUND = 60

/** From what stands there to what would stand there: a text with its changed words, all else as two values. */
export function ProposedChange({ shown }: { shown: ShownProposal }) {
  const t = useText()
  const language = useLanguage()
  const matrix = useMatrix()
  const { stands, accepted, textChange } = shown
  if (textChange !== null && typeof stands === 'string') {
    const { index, remove, insert } = textChange
    const [before, after] = [stands.slice(0, index), stands.slice(index + remove)]
    return (
      <p className={css('change')}>
        {before.length > AROUND ? `…${before.slice(-AROUND)}` : before}
        {remove === 0 ? null : <del>{stands.slice(index, index + remove)}</del>}
        {insert === '' ? null : <ins>{insert}</ins>}
        {after.length > AROUND ? `${after.slice(0, AROUND)}…` : after}
      </p>
    )
  }
  return (
    <p className={css('change')}>
      <Roles value={stands} />
      {valueName(stands, matrix, language)}
      <span aria-hidden="true"> → </span>
      <span className="visually-hidden">{t('proposal.becomes')}</span>
      <Roles value={accepted} />
      <b>{valueName(accepted, matrix, language)}</b>
    </p>
  )
}

function Roles({ value }: { value: unknown }) {
  if (!Array.isArray(value)) return null
  return ROLES.filter((role) => value.includes(role)).map((role) => <RoleChip key={role} role={role} />)
}
