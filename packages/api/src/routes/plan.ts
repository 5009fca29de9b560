import { PLAN_ROLES, PLAN_STATUSES } from '@dongbo/model/plan.ts'
import * as z from 'zod'
import type { Route } from '../route.ts'
import { bodySchema } from './me.ts'

export const planSchema = z.object({
  id: z.string(),
  titleVi: z.string(),
  titleEn: z.string(),
  year: z.number().int(),
  status: z.enum(PLAN_STATUSES),
  /** The reader's own role in it. */
  role: z.enum(PLAN_ROLES),
  /** The bodies that take part, in protocol order, ended ones included: they are the columns of the matrix. */
  bodies: z.array(bodySchema),
  /** Public holidays and days in lieu of the plan's year, `YYYY-MM-DD`; Saturdays and Sundays are not listed. */
  daysOff: z.array(z.object({ date: z.iso.date(), nameVi: z.string(), nameEn: z.string() })),
})
export type PlanView = z.infer<typeof planSchema>

export const plan = {
  method: 'GET',
  path: '/api/plans/:planId',
  summary: 'A plan: its state, the reader’s role, its bodies and its days off.',
  access: 'signed-in',
  params: z.object({ planId: z.string().max(64) }),
  response: planSchema,
} as const satisfies Route
