import { columnKind } from '@dongbo/model/body.ts'
import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import { useDeferredValue, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { fullName } from '#features/body/bodyName.ts'
import { useMatrix, useSections } from '#features/matrix/MatrixContext.ts'
import { RoleChip } from '#features/matrix/RoleChip.tsx'
import { taskTitle } from '#features/matrix/words.ts'
import { match } from '#i18n/fold.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { Dialog } from '#ui/Dialog.tsx'
import { classNames } from '#ui/classNames.ts'
import { KindMark } from '#ui/KindMark.tsx'
import { Marked } from '#ui/Marked.tsx'
import styles from './SearchDialog.module.css'

const css = classNames(styles)
const MOST_PER_KIND = 8

interface Hit {
  readonly key: string
  readonly score: number
  readonly mark: ReactNode
  readonly title: string
  readonly ranges: readonly (readonly [number, number])[]
  readonly note: string
  readonly choose: () => void
}

interface SearchDialogProps {
  readonly onClose: () => void
  readonly onTask: (task: TaskId) => void
  readonly onBody: (body: BodyId) => void
}

/** Jumps to a task or a body by any part of its name, with or without marks. */
export function SearchDialog({ onClose, onTask, onBody }: SearchDialogProps) {
  const t = useText()
  const language = useLanguage()
  const { view, bodies, me } = useMatrix()
  const sections = useSections()
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const asked = useDeferredValue(query)

  const tasks = useMemo<readonly Hit[]>(
    () =>
      best(
        sections
          .flatMap((section) => section.taskIds)
          .flatMap((taskId): Hit[] => {
            const row = view.row(taskId)
            if (row === null) return []
            const title = taskTitle(row.task, language)
            const byCode = match(row.task.code, asked)
            const found = match(title, asked) ?? (byCode === null ? null : { score: byCode.score, ranges: [] })
            if (found === null) return []
            const [mine] = row.roles.get(me.body.id as BodyId) ?? (row.task.lead === null ? [] : ['lead' as const])
            return [
              {
                key: taskId,
                score: byCode === null ? found.score : Math.max(found.score, byCode.score),
                ranges: found.ranges,
                mark: mine === undefined ? null : <RoleChip role={mine} />,
                title,
                note: row.task.code,
                choose: () => onTask(taskId),
              },
            ]
          }),
      ),
    [sections, view, me, language, asked, onTask],
  )
  const found = useMemo<readonly Hit[]>(
    () =>
      best(
        [...bodies.values()].flatMap((body): Hit[] => {
          const name = fullName(body, language)
          const inName = match(name, asked)
          const hit = inName ?? match(`${body.abbr} ${body.nameVi} ${body.nameEn}`, asked)
          if (hit === null || body.validTo !== null) return []
          return [
            {
              key: body.id,
              score: hit.score,
              ranges: inName?.ranges ?? [],
              mark: <KindMark kind={columnKind(body)} size={13} />,
              title: name,
              note: body.abbr,
              choose: () => onBody(body.id),
            },
          ]
        }),
      ),
    [bodies, language, asked, onBody],
  )
  const hits = [...tasks, ...found]
  const current = hits[Math.min(at, hits.length - 1)]

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      current?.choose()
      return
    }
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key]
    if (next === undefined || hits.length === 0) return
    event.preventDefault()
    const index = (next + hits.length) % hits.length
    setAt(index)
    list.current?.querySelectorAll('[role=option]')[index]?.scrollIntoView({ block: 'nearest' })
  }
  const group = (title: string, own: readonly Hit[], offset: number) =>
    own.length === 0 ? null : (
      <div role="group" aria-label={title}>
        <p className={css('group')}>
          {title} <span>{own.length}</span>
        </p>
        {own.map((hit, index) => (
          <div
            key={hit.key}
            id={`${id}-${hit.key}`}
            role="option"
            aria-selected={current === hit}
            className={css('hit')}
            onMouseMove={() => setAt(offset + index)}
            onClick={hit.choose}
          >
            <span className={css('slot')}>{hit.mark}</span>
            <span className={css('name')}>
              <Marked text={hit.title} ranges={hit.ranges} />
            </span>
            <small>{hit.note}</small>
          </div>
        ))}
      </div>
    )
  return (
    <Dialog wide title={t('search.title')} closeLabel={t('app.close')} onClose={onClose}>
      <input
        className={css('input')}
        role="combobox"
        aria-label={t('search.title')}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={current === undefined ? undefined : `${id}-${current.key}`}
        placeholder={t('search.open')}
        value={query}
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setQuery(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={t('search.title')} className={css('list')}>
        {group(t('search.tasks'), tasks, 0)}
        {group(t('search.bodies'), found, tasks.length)}
      </div>
      <p className={css('hint')}>{hits.length === 0 ? t('search.none') : t('search.hint')}</p>
      <p className="visually-hidden" role="status">
        {t('search.results', { count: hits.length })}
      </p>
    </Dialog>
  )
}

function best(hits: readonly Hit[]): readonly Hit[] {
  return hits.toSorted((a, b) => b.score - a.score).slice(0, MOST_PER_KIND)
}
