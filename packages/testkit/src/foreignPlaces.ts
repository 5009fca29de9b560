import type { BodyId } from '@dongbo/model/ids.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'

/** What the lead of a task may change in it while the plan is open for amendment; the state is compared by itself. */
const LEADS_FIELDS = ['titleVi', 'titleEn', 'noteVi', 'resultVi', 'progressPct', 'completedOn', 'status']
/** Roles that a body does not take or leave by itself. */
const GIVEN = ['approve', 'direct', 'appraise', 'monitor']

/**
 * Everything in a matrix that an officer of this body may not change while the plan is amended, as text to compare: an
 * oracle that shares no line with the gate or the policy.
 */
export function foreignPlaces(matrix: MatrixDocument, body: BodyId): string {
  const all: unknown = matrix.doc.toJSON()
  return JSON.stringify(all, (key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value))
      return key.endsWith(`:${body}`) ? value.filter((role) => GIVEN.includes(String(role))) : value
    const entries = Object.entries(value)
    if ('lead' in value && value.lead === body)
      return sorted(entries.filter(([field]) => !LEADS_FIELDS.includes(field)))
    // An own cell without a given role is as good as none.
    return sorted(
      entries.filter(([name, cell]) => !(name.endsWith(`:${body}`) && Array.isArray(cell) && !cell.some(isGiven))),
    )
  })
}

function isGiven(role: unknown): boolean {
  return GIVEN.includes(String(role))
}

function sorted(entries: [string, unknown][]): object {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
