import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react'
import styles from './Field.module.css'
import { classNames } from './classNames.ts'
import { Icon } from './Icon.tsx'

const css = classNames(styles)

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'id'> {
  readonly label: string
  readonly error?: string | undefined
  readonly hint?: string | undefined
  readonly big?: boolean
  readonly ref?: Ref<HTMLInputElement>
}

export function TextField({ label, error, hint, big = false, ...rest }: TextFieldProps) {
  const id = useId()
  return (
    <div className={css('field')}>
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        className={css('input', big && 'big', error !== undefined && 'wrong')}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={`${id}-note`}
      />
      <FieldNote id={`${id}-note`} error={error} hint={hint} />
    </div>
  )
}

/** The line under a field: what is wrong and what to type, or a hint. */
export function FieldNote({ id, error, hint }: { id: string; error?: ReactNode; hint?: ReactNode }) {
  if (error !== undefined) {
    return (
      <p id={id} className={css('note', 'bad')} role="alert">
        <Icon name="warning" size={13} />
        <span>{error}</span>
      </p>
    )
  }
  return (
    <p id={id} className={css('note')}>
      {hint}
    </p>
  )
}
