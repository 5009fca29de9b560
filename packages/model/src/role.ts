/** The ten roles of a body in a task, strongest first: a cell with several shows the first it holds. */
export const ROLES = [
  'lead',
  'approve',
  'direct',
  'appraise',
  'coordinate',
  'advise',
  'supply',
  'monitor',
  'report',
  'inform',
] as const
export type Role = (typeof ROLES)[number]

/**
 * What stands in a cell of the `roles` root. The lead is not among them: a task has one lead, so it is one value of
 * the task (`docs/adr/0008-lead-is-a-field.md`).
 */
export type CellRole = Exclude<Role, 'lead'>

export const CELL_ROLES: readonly CellRole[] = ROLES.filter((role): role is CellRole => role !== 'lead')

/** Roles by which a body takes part. A body may take or leave these by itself; the others are given by the coordinator. */
export const PARTICIPATION_ROLES: readonly CellRole[] = ['coordinate', 'advise', 'supply', 'report', 'inform']

export function isCellRole(value: unknown): value is CellRole {
  return CELL_ROLES.includes(value as CellRole)
}

/** The same roles without repetition, strongest first: the one form in which a cell is stored. */
export function sortedCellRoles(roles: Iterable<CellRole>): readonly CellRole[] {
  const held = new Set(roles)
  return CELL_ROLES.filter((role) => held.has(role))
}
