import * as z from 'zod'
import type { Route } from '../route.ts'
import { bodySchema } from './me.ts'

/** Only public facts (names of institutions): the sign-in screen asks for the body before anybody is known. */
export const signInBodies = {
  method: 'GET',
  path: '/api/sign-in/bodies',
  summary: 'The bodies that one may sign in for, in protocol order.',
  access: 'public',
  response: z.object({
    demo: z.boolean(),
    bodies: z.array(bodySchema.pick({ id: true, kind: true, nameVi: true, nameEn: true, abbr: true })),
  }),
} as const satisfies Route
