import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import type { Role } from '@dongbo/model/role.ts'
import { useMemo } from 'react'
import { chooseRole, clearCell } from '#intents/chooseRole.ts'
import type { Language } from '#i18n/catalogue.ts'
import { useLanguage } from '#i18n/useText.ts'
import type { Command } from './grid/keys.ts'
import { FIELD_COLUMNS, type FieldColumn } from './grid/metrics.ts'
import { useMatrix } from './MatrixContext.ts'
import { closeEditor, openAt, tell, type Place } from './matrixState.ts'
import { reason } from './words.ts'

type Act = Exclude<Command, { do: 'move' | 'edge' | 'row-end' | 'sheet-end' | 'page' | 'open' }>

export interface Acts {
  /** Does what a key asks at a cell, or says there why it cannot be done. */
  perform(command: Act, place: Place): void
  /** Opens the picker or the editor of a cell, or says why it is locked. */
  open(place: Place): void
  /** Gives a role; false, and said at the cell, when it may not be given. */
  give(task: TaskId, body: BodyId, role: Role, keepOthers: boolean): boolean
  clear(task: TaskId, body: BodyId): boolean
}

export function useActs(onDrawer: (task: TaskId | null) => void): Acts {
  const { live, writer, rights, view, bodies } = useMatrix()
  const language = useLanguage()
  return useMemo(() => {
    const refuse = (task: TaskId, body: BodyId, sentence: string | null): boolean => {
      if (sentence !== null) tell({ line: task, column: body }, sentence)
      return sentence === null
    }
    const acts: Acts = {
      give(task, body, role, keepOthers) {
        const lead = view.row(task)?.task.lead ?? null
        const why = reason(rights.role(task, body, role), language, bodies, { lead, body })
        if (!refuse(task, body, why)) return false
        live.view.undo.stopCapturing()
        chooseRole(writer, { task, body }, role, keepOthers, rights.mayDrop(task, body))
        return true
      },
      clear(task, body) {
        const row = view.row(task)
        const roles = row?.roles.get(body) ?? []
        const why = reason(rights.cell(task, body, roles), language, bodies, { lead: row?.task.lead ?? null, body })
        if (!refuse(task, body, why)) return false
        live.view.undo.stopCapturing()
        const leadToo = roles.includes('lead') && rights.role(task, body, 'lead').allow
        clearCell(writer, { task, body }, rights.mayDrop(task, body), leadToo)
        return true
      },
      open(place) {
        const task = place.line as TaskId
        const row = view.row(task)
        if (row === null) return
        if (place.column === 'code') return onDrawer(task)
        const decision = isField(place)
          ? rights.field(task, fieldAt(place.column, language))
          : rights.cell(task, place.column as BodyId, row.roles.get(place.column as BodyId) ?? [])
        const why = reason(decision, language, bodies, { lead: row.task.lead, body: place.column })
        if (why === null) openAt(place)
        else tell(place, why)
      },
      perform(command, place) {
        const task = place.line as TaskId
        if (command.do === 'undo') live.view.undo.undo()
        else if (command.do === 'redo') live.view.undo.redo()
        else if (command.do === 'drawer') {
          closeEditor()
          onDrawer(task)
        } else if (isField(place)) {
          if (command.do === 'clear') acts.open(place)
        } else if (command.do === 'role') acts.give(task, place.column as BodyId, command.role, command.keepOthers)
        else acts.clear(task, place.column as BodyId)
      },
    }
    return acts
  }, [live, writer, rights, view, bodies, language, onDrawer])
}

/** The text of a frozen column in the reader's language. */
export function textFieldAt(column: 'title' | 'product', language: Language) {
  if (column === 'title') return language === 'en' ? 'titleEn' : 'titleVi'
  return language === 'en' ? 'productEn' : 'productVi'
}

/** What a frozen column edits: a text in the reader's language, or a value. */
export function fieldAt(column: FieldColumn, language: Language) {
  return column === 'title' || column === 'product' ? textFieldAt(column, language) : column
}

export interface FieldPlace extends Place {
  readonly column: FieldColumn
}

export function isField(place: Place): place is FieldPlace {
  return (FIELD_COLUMNS as readonly string[]).includes(place.column)
}
