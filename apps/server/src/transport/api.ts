import { openApi } from '@dongbo/api/routes.ts'
import { signInBodies } from '@dongbo/api/routes/bodies.ts'
import { me } from '@dongbo/api/routes/me.ts'
import { plan } from '@dongbo/api/routes/plan.ts'
import { signIn, signOut } from '@dongbo/api/routes/signIn.ts'
import { err, ok } from '@dongbo/kernel/result.ts'
import type { FastifyInstance } from 'fastify'
import type { Directory } from '#access/directory.ts'
import type { SessionEndings } from '#access/endings.ts'
import type { Sessions } from '#access/sessions.ts'
import type { SignInDoor } from '#access/signIn.ts'
import type { ServerMetrics } from './metrics.ts'
import { serveRoute, type FindSession } from './serveRoute.ts'
import type { SessionCookie } from './sessionCookie.ts'

export interface ApiParts {
  readonly directory: Directory
  readonly sessions: Sessions
  readonly door: SignInDoor
  readonly endings: SessionEndings
  readonly cookie: SessionCookie
  readonly demo: boolean
  readonly metrics: ServerMetrics
}

/** The routes of the contract (`packages/api`). */
export function serveApi(app: FastifyInstance, parts: ApiParts, findSession: FindSession): void {
  const { directory, sessions, door, endings, cookie, metrics } = parts

  serveRoute(app, signIn, findSession, async ({ body, request, reply }) => {
    const outcome = await door.signIn({ ...body, address: request.ip })
    metrics.signIns.inc({ outcome: outcome.ok ? 'ok' : outcome.error.because })
    if (!outcome.ok) {
      const { because } = outcome.error
      return err({ problem: because, ...(because === 'slow-down' ? { retryAfterMs: outcome.error.retryAfterMs } : {}) })
    }
    // Whoever signs in anew leaves the old session behind: two open ones would outlive a sign-out.
    const former = await findSession(request)
    if (former !== null) await endings.end(former.id)
    const { token, session } = outcome.value
    const profile = await directory.me(session.personId)
    if (profile === null) return err({ problem: 'wrong-credentials' })
    // No `Expires`: the server ends sessions, and a demo's clock may be another than the browser's.
    void reply.setCookie(cookie.name, token, cookie.options)
    return ok(profile)
  })

  serveRoute(app, signOut, findSession, async ({ session, reply }) => {
    await endings.end(session.id)
    void reply.clearCookie(cookie.name, cookie.options)
    return ok({ signedOut: true })
  })

  serveRoute(app, signInBodies, findSession, async () => {
    const bodies = await directory.bodies()
    return ok({
      demo: parts.demo,
      bodies: bodies.map(({ id, kind, nameVi, nameEn, abbr }) => ({ id, kind, nameVi, nameEn, abbr })),
    })
  })

  serveRoute(app, me, findSession, async ({ session }) => {
    const profile = await directory.me(session.personId)
    return profile === null ? err({ problem: 'not-signed-in' }) : ok(profile)
  })

  serveRoute(app, plan, findSession, async ({ session, params }) => {
    const view = await directory.plan(session.personId, params.planId)
    return view === null ? err({ problem: 'not-found' }) : ok(view)
  })

  serveRoute(app, openApi, findSession, async () => ok(app.swagger() as object as { openapi: string }))

  // Expired rows are of no use to anybody; a sign-in is rare enough to carry the broom.
  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.url === signIn.path && reply.statusCode === 200) await sessions.sweep()
  })
}
