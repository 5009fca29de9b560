export const PLAN_STATUSES = ['draft', 'consulting', 'appraising', 'submitted', 'issued', 'amended', 'closed'] as const
export type PlanStatus = (typeof PLAN_STATUSES)[number]

/** What a person is in one plan. An observer reads everything and writes nothing. */
export const PLAN_ROLES = ['coordinator', 'member', 'observer'] as const
export type PlanRole = (typeof PLAN_ROLES)[number]
