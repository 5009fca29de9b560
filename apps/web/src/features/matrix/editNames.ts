import type { TaskId } from '@dongbo/model/ids.ts'
import type { ProposalDecision } from '@dongbo/model/matrix/proposals/proposal.ts'
import { parseCellKey } from '@dongbo/model/matrix/shape.ts'
import { parsePlainDate } from '@dongbo/model/plainDate.ts'
import { isCellRole } from '@dongbo/model/role.ts'
import { isTaskStatus } from '@dongbo/model/taskStatus.ts'
import { shortName } from '#features/body/bodyName.ts'
import { text, type Language } from '#i18n/catalogue.ts'
import { longDate } from './dates.ts'
import type { MatrixContextValue } from './MatrixContext.ts'
import { roleNames } from './words.ts'

/** A place of the document as people know it: a cell by its body and number, a field by its name. */
export function placeName(
  path: readonly string[],
  { view, bodies }: Pick<MatrixContextValue, 'view' | 'bodies'>,
  language: Language,
): string {
  const [root, key = '', field] = path
  if (root === 'roles') {
    const cell = parseCellKey(key)
    const body = cell.ok ? bodies.get(cell.value.body) : undefined
    const code = cell.ok ? view.row(cell.value.task)?.task.code : undefined
    return text('matrix.cell.position', {
      body: body === undefined ? key : shortName(body, language),
      code: code ?? key,
    })
  }
  const code = view.row(key as TaskId)?.task.code ?? key
  return field === undefined ? code : `${code} · ${fieldName(field)}`
}

export function fieldName(field: string): string {
  const names: Readonly<Record<string, string>> = {
    titleVi: text('drawer.title'),
    titleEn: text('drawer.titleEn'),
    productVi: text('drawer.product'),
    productEn: text('drawer.productEn'),
    resultVi: text('drawer.result'),
    noteVi: text('drawer.note'),
    deadline: text('drawer.deadline'),
    startDate: text('drawer.startDate'),
    completedOn: text('drawer.completedOn'),
    status: text('matrix.col.status'),
    progressPct: text('drawer.progress'),
    recurrence: text('drawer.recurrence'),
    lead: text('role.lead'),
    code: text('matrix.col.code'),
  }
  return names[field] ?? field
}

/** A stored value as people read it. */
export function valueName(value: unknown, { bodies }: Pick<MatrixContextValue, 'bodies'>, language: Language): string {
  const date = typeof value === 'string' ? parsePlainDate(value) : null
  if (date !== null) return longDate(date, language)
  if (value === null || value === undefined || value === '') return text('matrix.cell.empty')
  if (Array.isArray(value)) return roleNames(value.filter(isCellRole))
  if (isTaskStatus(value)) return text(`status.${value}`)
  if (typeof value === 'object' && 'state' in value && typeof value.state === 'string') {
    return isAnswer(value.state) ? text(`proposal.state.${value.state}`) : value.state
  }
  if (typeof value === 'object') {
    const titles = value as Readonly<Record<string, unknown>>
    return String(titles['titleVi'] || titles['titleEn'] || text('matrix.untitled'))
  }
  const body = bodies.get(String(value))
  return body === undefined ? String(value) : shortName(body, language)
}

function isAnswer(state: string): state is ProposalDecision['state'] {
  return state === 'accepted' || state === 'declined' || state === 'withdrawn'
}
