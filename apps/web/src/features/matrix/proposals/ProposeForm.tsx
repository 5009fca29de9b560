import { pathKey } from '@dongbo/model/containerPath.ts'
import { pathOfPlace, type ProposalPlace } from '@dongbo/model/matrix/proposals/place.ts'
import { useId, useState, type FormEvent } from 'react'
import { useLanguage, useText } from '#i18n/useText.ts'
import { proposeChange } from '#intents/proposeChange.ts'
import { browserClock, browserRandom } from '#session/clock.ts'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import { FieldNote, TextField } from '#ui/Field.tsx'
import type { Row } from '#views/matrixView.ts'
import { useMatrix } from '../MatrixContext.ts'
import { askedFor, ValueField } from './ValueField.tsx'
import styles from './Proposals.module.css'
import { placeWords } from './proposalWords.ts'

const css = classNames(styles)

interface ProposeFormProps {
  readonly row: Row
  readonly places: readonly ProposalPlace[]
  readonly onDone: () => void
}

/** Asks for another value where I may not write: which place, what should stand there, and why. */
export function ProposeForm({ row, places, onDone }: ProposeFormProps) {
  const t = useText()
  const language = useLanguage()
  const id = useId()
  const matrix = useMatrix()
  const [at, setAt] = useState(0)
  const [value, setValue] = useState<unknown>(undefined)
  const [reason, setReason] = useState('')
  const [isNothing, setIsNothing] = useState(false)
  const place = places[at] ?? places[0]
  if (place === undefined) return null

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    const asked = askedFor(place, value)
    const clock = { clock: browserClock, random: browserRandom }
    const isAsked =
      asked !== null && proposeChange(matrix.writer, { ...asked, reason: reason.trim() }, matrix.actor, clock)
    setIsNothing(!isAsked)
    if (isAsked) onDone()
  }
  return (
    <form className={css('form')} noValidate onSubmit={onSubmit} aria-label={t('proposal.open')}>
      <label htmlFor={id}>{t('proposal.what')}</label>
      <select
        id={id}
        autoFocus
        value={at}
        onChange={(event) => {
          setAt(Number(event.target.value))
          setValue(undefined)
          setIsNothing(false)
        }}
      >
        {places.map((one, index) => (
          <option key={pathKey(pathOfPlace(one))} value={index}>
            {placeWords(one, matrix, language)}
          </option>
        ))}
      </select>
      <ValueField
        key={pathKey(pathOfPlace(place))}
        row={row}
        place={place}
        value={value}
        onChange={(next) => {
          setValue(next)
          setIsNothing(false)
        }}
      />
      <FieldNote id={`${id}-note`} error={isNothing ? t('proposal.nothingNew') : undefined} />
      <TextField
        label={t('proposal.reason')}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className={css('actions')}>
        <Button onClick={onDone}>{t('app.cancel')}</Button>
        <Button look="primary" type="submit">
          {t('proposal.send')}
        </Button>
      </div>
    </form>
  )
}
