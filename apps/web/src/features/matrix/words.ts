import type { Body } from '@dongbo/model/body.ts'
import type { Task } from '@dongbo/model/matrix/read.ts'
import type { Role } from '@dongbo/model/role.ts'
import type { Decision } from '@dongbo/policy/decision.ts'
import { explain } from '@dongbo/policy/explain.ts'
import { shortName } from '#features/body/bodyName.ts'
import { text, type Language } from '#i18n/catalogue.ts'

/** The task's title in the reader's language, or the other one, or a placeholder. */
export function taskTitle(task: Task, language: Language): string {
  const [first, second] = language === 'en' ? [task.titleEn, task.titleVi] : [task.titleVi, task.titleEn]
  return first || second || text('matrix.untitled')
}

export function taskProduct(task: Task, language: Language): string {
  return language === 'en' ? task.productEn || task.productVi : task.productVi || task.productEn
}

export function roleNames(roles: readonly Role[]): string {
  return roles.length === 0 ? text('matrix.cell.empty') : roles.map((role) => text(`role.${role}`)).join(', ')
}

/** Why not, as a sentence with the names of those who may. Null when it is allowed. */
export function reason(
  decision: Decision,
  language: Language,
  bodies: ReadonlyMap<string, Body>,
  about: { readonly lead?: string | null; readonly body?: string },
): string | null {
  if (decision.allow) return null
  const name = (id: string | null | undefined): string | undefined => {
    const body = id === null || id === undefined ? undefined : bodies.get(id)
    return body === undefined ? undefined : shortName(body, language)
  }
  const [lead, body] = [name(about.lead), name(about.body)]
  return explain(decision.because, language, {
    ...(lead === undefined ? {} : { lead }),
    ...(body === undefined ? {} : { body }),
  })
}

/** What a cell holds, with how many proposals wait there. */
export function withProposals(value: string, count: number): string {
  return count === 0 ? value : `${value}, ${text('proposal.waiting', { count })}`
}
