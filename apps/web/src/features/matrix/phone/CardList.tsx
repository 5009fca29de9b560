import type { Acts } from '../useActs.ts'
import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import { columnKind, COLUMN_KINDS } from '@dongbo/model/body.ts'
import type { Role } from '@dongbo/model/role.ts'
import { memo, useCallback, useEffect, useState } from 'react'
import { shortName } from '#features/body/bodyName.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import { shortDate } from '../dates.ts'
import { useMatrix, useRow, useSections } from '../MatrixContext.ts'
import { useMatrixState } from '../matrixState.ts'
import { romanNumeral } from '../numeral.ts'
import { RoleChip } from '../RoleChip.tsx'
import { shownStatus } from '../shownStatus.ts'
import { StatusMark } from '../StatusMark.tsx'
import { taskTitle } from '../words.ts'
import { CardDetails } from './CardDetails.tsx'
import styles from './CardList.module.css'

const css = classNames(styles)

/** On a phone the matrix is a list: one card a task, with my body's role first. */
export function CardList({ acts }: { acts: Acts }) {
  const t = useText()
  const language = useLanguage()
  const sections = useSections()
  const { me, view } = useMatrix()
  const [onlyMine, setOnlyMine] = useState(true)
  const wanted = useMatrixState((state) => state.wanted?.place.line as TaskId | undefined)
  const mine = useCallback(
    (task: TaskId): boolean => view.row(task)?.roles.has(me.body.id as BodyId) === true,
    [view, me],
  )
  useEffect(() => {
    if (wanted !== undefined && view.row(wanted) !== null && !mine(wanted)) setOnlyMine(false)
  }, [wanted, view, mine])
  return (
    <div className={css('list')}>
      <header className={css('head')}>
        <h1>{t('matrix.title')}</h1>
        <button type="button" aria-pressed={onlyMine} onClick={() => setOnlyMine(!onlyMine)}>
          {shortName(me.body, language)}
        </button>
      </header>
      {sections.map(({ group, taskIds }, index) => {
        const shown = onlyMine ? taskIds.filter(mine) : taskIds
        if (shown.length === 0) return null
        return (
          <section key={group.id}>
            <h2 className={css('section')}>
              <b>{romanNumeral(index + 1)}</b>
              {language === 'en' ? group.nameEn || group.nameVi : group.nameVi}
              <small>
                {shown.length}/{taskIds.length}
              </small>
            </h2>
            {shown.map((task) => (
              <Card key={task} id={task} acts={acts} />
            ))}
          </section>
        )
      })}
    </div>
  )
}

const Card = memo(function Card({ id, acts }: { id: TaskId; acts: Acts }) {
  const language = useLanguage()
  const { me, today, planYear } = useMatrix()
  const [open, setOpen] = useState(false)
  const wanted = useMatrixState((state) => state.wanted?.place.line === id && state.wanted.focus)
  const row = useRow(id)
  useEffect(() => {
    if (!wanted) return
    setOpen(true)
    useMatrixState.setState({ wanted: null })
  }, [wanted])
  if (row === null) return null
  const { task, roles } = row
  const own = roles.get(me.body.id as BodyId)?.[0]
  return (
    <article className={css('card', open && 'open')}>
      <button type="button" className={css('summary')} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={css('slot')}>
          {own === undefined ? <i className={css('noRole')} /> : <RoleChip role={own} large />}
        </span>
        <span>
          <span className={css('title')}>{taskTitle(task, language)}</span>
          <span className={css('meta')}>
            <b>{task.code}</b>
            {task.deadline === null ? null : <span>{shortDate(task.deadline, planYear)}</span>}
            <StatusMark status={shownStatus(task, today)} />
          </span>
          <Strip roles={roles} />
        </span>
      </button>
      {open ? <CardDetails id={id} acts={acts} /> : null}
    </article>
  )
})

/** The row shrunk to one bar a body: height by role, a gap between kinds. */
function Strip({ roles }: { roles: ReadonlyMap<BodyId, readonly Role[]> }) {
  const { bodies, today } = useMatrix()
  const live = [...bodies.values()].filter((body) => body.validTo === null || body.validTo >= today)
  return (
    <span className={css('strip')} aria-hidden="true">
      {COLUMN_KINDS.map((kind) => (
        <span key={kind} className={css('stripKind')}>
          {live
            .filter((body) => columnKind(body) === kind)
            .map((body) => {
              const [role] = roles.get(body.id) ?? []
              return <i key={body.id} className={css(role === undefined ? 'none' : (HEIGHT[role] ?? 'other'))} />
            })}
        </span>
      ))}
    </span>
  )
}

const HEIGHT: Partial<Record<Role, string>> = { lead: 'lead', approve: 'approve', coordinate: 'coordinate' }
