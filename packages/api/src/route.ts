import type * as z from 'zod'

/** One HTTP route as both apps know it: the server serves it, the web calls it, `/api/openapi.json` shows it. */
export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: `/api/${string}`
  readonly summary: string
  /** `public` routes answer anybody; the others need a session. */
  readonly access: 'public' | 'signed-in'
  readonly params?: z.ZodObject
  readonly body?: z.ZodType
  readonly response: z.ZodType
}
