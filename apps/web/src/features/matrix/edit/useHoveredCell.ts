import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import { useEffect, useState, type RefObject } from 'react'
import { shortName } from '#features/body/bodyName.ts'
import { text } from '#i18n/catalogue.ts'
import { useLanguage } from '#i18n/useText.ts'
import { browserClock } from '#session/clock.ts'
import { useMatrix } from '../MatrixContext.ts'
import type { Place } from '../matrixState.ts'
import { proposalsByColumn } from '../proposals/proposalsByColumn.ts'
import { fieldAt, isField } from '../useActs.ts'
import { reason, roleNames } from '../words.ts'

const HOVER_DELAY_MS = 350

/** The cell under a resting pointer: what it holds in words and, when it is locked, who may write there. */
export function useHoveredCell(sheet: RefObject<HTMLDivElement | null>): Hovered | null {
  const { view, rights, bodies } = useMatrix()
  const language = useLanguage()
  const [hovered, setHovered] = useState<Hovered | null>(null)
  useEffect(() => {
    const scroller = sheet.current
    if (scroller === null) return
    let cancel = (): void => undefined
    const over = (event: PointerEvent): void => {
      cancel()
      setHovered(null)
      const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-column]') : null
      const [line, column] = [cell?.closest<HTMLElement>('[data-line]')?.dataset['line'], cell?.dataset['column']]
      if (event.pointerType === 'touch' || line === undefined || column === undefined) return
      const place = { line: line as TaskId, column: column as Place['column'] }
      cancel = browserClock.after(HOVER_DELAY_MS, () => {
        const row = view.row(place.line as TaskId)
        if (row === null) return
        const roles = isField(place) ? [] : (row.roles.get(place.column as BodyId) ?? [])
        const decision = isField(place)
          ? rights.field(row.task.id, fieldAt(place.column, language))
          : rights.cell(row.task.id, place.column as BodyId, roles)
        const sentence = reason(decision, language, bodies, { lead: row.task.lead, body: column })
        const body = bodies.get(column)
        const held =
          roles.length === 0 || body === undefined ? null : `${shortName(body, language)}: ${roleNames(roles)}`
        const proposed = proposalsByColumn(row.proposals).get(place.column) ?? 0
        const waiting = proposed === 0 ? null : text('proposal.waiting', { count: proposed })
        const holds = held === null || waiting === null ? (held ?? waiting) : `${held} · ${waiting}`
        if (sentence !== null || holds !== null) setHovered({ place, sentence, holds })
      })
    }
    const away = (): void => {
      cancel()
      setHovered(null)
    }
    scroller.addEventListener('pointerover', over)
    scroller.addEventListener('pointerleave', away)
    scroller.addEventListener('pointerdown', away)
    scroller.addEventListener('scroll', away, { passive: true })
    return () => {
      cancel()
      scroller.removeEventListener('pointerover', over)
      scroller.removeEventListener('pointerleave', away)
      scroller.removeEventListener('pointerdown', away)
      scroller.removeEventListener('scroll', away)
    }
  }, [sheet, view, rights, bodies, language])
  return hovered
}

interface Hovered {
  readonly place: Place
  readonly sentence: string | null
  readonly holds: string | null
}
