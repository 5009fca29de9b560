import { BODY_KINDS } from '@dongbo/model/body.ts'
import { PLAN_ROLES, PLAN_STATUSES } from '@dongbo/model/plan.ts'
import * as z from 'zod'
import type { Route } from '../route.ts'

/** What a person is in the house of his own body. */
const PERSON_KINDS = ['officer', 'approver', 'body_admin'] as const

export const bodySchema = z.object({
  id: z.string(),
  kind: z.enum(BODY_KINDS),
  nameVi: z.string(),
  nameEn: z.string(),
  abbr: z.string(),
  parentId: z.string().nullable(),
  validFrom: z.iso.date().nullable(),
  validTo: z.iso.date().nullable(),
  successorIds: z.array(z.string()),
})

export const meSchema = z.object({
  person: z.object({
    id: z.string(),
    /** By function, never an invented person's name: "Chuyên viên Sở VH&TT". */
    displayName: z.string(),
    email: z.string(),
    kind: z.enum(PERSON_KINDS),
  }),
  body: bodySchema,
  rights: z.object({
    systemAdmin: z.boolean(),
    /** False once the body has ended: its people read, and write nothing. */
    bodyValid: z.boolean(),
  }),
  plans: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      titleEn: z.string(),
      year: z.number().int(),
      status: z.enum(PLAN_STATUSES),
      role: z.enum(PLAN_ROLES),
    }),
  ),
  /** The server's civil date in Viet Nam: derived states (overdue) are computed against it, not the browser's clock. */
  today: z.iso.date(),
  demo: z.boolean(),
})
export type Me = z.infer<typeof meSchema>

export const me = {
  method: 'GET',
  path: '/api/me',
  summary: 'Who is signed in, for which body, with which rights in which plans.',
  access: 'signed-in',
  response: meSchema,
} as const satisfies Route
