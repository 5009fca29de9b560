import { COLUMN_KINDS, columnKind, type BodyKind, type ColumnKind } from '@dongbo/model/body.ts'
import { useDeferredValue, useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { match } from '#i18n/fold.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { fullName } from '#features/body/bodyName.ts'
import { classNames } from '#ui/classNames.ts'
import { Icon } from '#ui/Icon.tsx'
import { KindMark } from '#ui/KindMark.tsx'
import { Marked } from '#ui/Marked.tsx'
import styles from './BodyCombobox.module.css'

const css = classNames(styles)

export interface SignInBody {
  readonly id: string
  readonly kind: BodyKind
  readonly nameVi: string
  readonly nameEn: string
  readonly abbr: string
}

interface Found {
  readonly body: SignInBody
  readonly ranges: readonly (readonly [number, number])[]
}

/** Chooses a body: type any part of its name or abbreviation, with or without marks; arrows and Enter pick. */
export function BodyCombobox({ bodies, onChoose }: { bodies: readonly SignInBody[]; onChoose: (id: string) => void }) {
  const t = useText()
  const language = useLanguage()
  const id = useId()
  const list = useRef<HTMLUListElement>(null)
  const [query, setQuery] = useState('')
  const [kind, setKind] = useState<ColumnKind | null>(null)
  const [at, setAt] = useState(0)
  const found = findBodies(bodies, useDeferredValue(query), kind, (body) => fullName(body, language))
  const current = found[Math.min(at, found.length - 1)]

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && current !== undefined) {
      event.preventDefault()
      onChoose(current.body.id)
      return
    }
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 5, PageUp: at - 5 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    setAt(Math.max(0, Math.min(found.length - 1, next)))
  }
  return (
    <div>
      <label className={css('label')} htmlFor={id}>
        {t('signIn.body')}
      </label>
      <div className={css('input')}>
        <Icon name="search" />
        <input
          id={id}
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={current === undefined ? undefined : `${id}-${current.body.id}`}
          placeholder={t('signIn.bodyPlaceholder')}
          value={query}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setQuery(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>↑↓</kbd>
        <kbd>Enter</kbd>
      </div>
      <div className={css('list')}>
        <div className={css('kinds')} role="group" aria-label={t('signIn.filter')}>
          {COLUMN_KINDS.map((one) => (
            <button
              key={one}
              type="button"
              className={`${css('kind')} k-${one}`}
              aria-pressed={kind === one}
              onClick={() => {
                setKind(kind === one ? null : one)
                setAt(0)
              }}
            >
              <KindMark kind={one} />
              {t(`kind.${one}`)}
            </button>
          ))}
        </div>
        <ul ref={list} id={`${id}-list`} role="listbox" aria-label={t('signIn.body')}>
          {found.map(({ body, ranges }, index) => (
            <li
              key={body.id}
              id={`${id}-${body.id}`}
              role="option"
              aria-selected={current?.body.id === body.id}
              onMouseMove={() => setAt(index)}
              onClick={() => onChoose(body.id)}
            >
              <KindMark kind={columnKind(body)} size={13} />
              <span className={css('bodyName')}>
                <Marked text={fullName(body, language)} ranges={ranges} />
              </span>
              <small>{body.abbr}</small>
            </li>
          ))}
        </ul>
        {found.length === 0 ? <p className={css('none')}>{t('signIn.noBody')}</p> : null}
        <p className="visually-hidden" role="status">
          {t('signIn.bodyResults', { count: found.length })}
        </p>
      </div>
    </div>
  )
}

function findBodies(
  bodies: readonly SignInBody[],
  query: string,
  kind: ColumnKind | null,
  nameOf: (body: SignInBody) => string,
): readonly Found[] {
  const ofKind = kind === null ? bodies : bodies.filter((body) => columnKind(body) === kind)
  if (query.trim() === '') return ofKind.map((body) => ({ body, ranges: [] }))
  return ofKind
    .flatMap((body) => {
      const inName = match(nameOf(body), query)
      if (inName !== null) return [{ body, ...inName }]
      const elsewhere = match(`${body.abbr} ${body.nameVi} ${body.nameEn}`, query)
      return elsewhere === null ? [] : [{ body, score: elsewhere.score / 2, ranges: [] }]
    })
    .toSorted((a, b) => b.score - a.score)
}
