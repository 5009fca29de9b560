import * as z from 'zod'
import type { Route } from '../route.ts'
import { meSchema } from './me.ts'

const signInBody = z.object({
  email: z.email().max(254),
  /** Long enough for a pass phrase, short enough that hashing it cannot be used to tire the server. */
  password: z.string().min(1).max(256),
})

export const signIn = {
  method: 'POST',
  path: '/api/sign-in',
  summary: 'Opens a session and sets its cookie.',
  access: 'public',
  body: signInBody,
  response: meSchema,
} as const satisfies Route

export const signOut = {
  method: 'POST',
  path: '/api/sign-out',
  summary: 'Ends this session; its live sockets are closed with 4401.',
  access: 'signed-in',
  response: z.object({ signedOut: z.literal(true) }),
} as const satisfies Route
