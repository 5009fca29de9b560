/** Why not, as a code that `explain` turns into a sentence. */
export type Denial =
  | 'observer'
  | 'body-ended'
  | 'plan-closed'
  | 'coordinator-only'
  | 'lead-only'
  | 'locked-by-issue'
  | 'other-bodys-cell'
  | 'role-given-by-coordinator'
  | 'column-body-ended'
  | 'no-such-task'
  | 'no-such-transition'
  | 'judge-only'
  | 'not-ready-to-assign'
  | 'task-has-begun'
  | 'new-task-is-a-draft'
  | 'proposal-in-anothers-name'
  | 'proposal-misdated'
  | 'proposal-outdated'
  | 'too-many-proposals'
  | 'proposal-decided'
  | 'proposal-of-another-body'
  | 'proposal-not-carried-out'

export type Decision = { readonly allow: true } | { readonly allow: false; readonly because: Denial }

export const ALLOW: Decision = { allow: true }

export function deny(because: Denial): Decision {
  return { allow: false, because }
}
