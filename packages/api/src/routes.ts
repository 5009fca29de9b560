import * as z from 'zod'
import type { Route } from './route.ts'
import { signInBodies } from './routes/bodies.ts'
import { me } from './routes/me.ts'
import { plan } from './routes/plan.ts'
import { signIn, signOut } from './routes/signIn.ts'

export const openApi = {
  method: 'GET',
  path: '/api/openapi.json',
  summary: 'This description of every route, as OpenAPI.',
  access: 'public',
  response: z.looseObject({ openapi: z.string() }),
} as const satisfies Route

/** Every route of the HTTP interface: the server serves them, a test asks for a case of access for each. */
export const ROUTES: readonly Route[] = [signIn, signOut, signInBodies, me, plan, openApi]
