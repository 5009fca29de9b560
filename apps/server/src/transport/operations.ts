import { timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { Clock } from '@dongbo/kernel/clock.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ServerMetrics } from './metrics.ts'
import { sendProblem } from './problem.ts'
import { sharedAnswer } from './sharedAnswer.ts'

/** Anybody may ask whether the server is ready, as often as he likes: the database is asked four times a second. */
const READY_KEPT_MS = 250

export interface Operations {
  /** Rejects when the database or the log cannot be used. */
  ready(): Promise<void>
  readonly metrics: ServerMetrics
  readonly metricsToken: string | null
}

/** What machines ask: alive, ready, figures. */
export function serveOperations(app: FastifyInstance, operations: Operations, clock: Clock): void {
  const ready = sharedAnswer(clock, READY_KEPT_MS, async () => await operations.ready())
  const hidden = { schema: { hide: true } }
  app.get('/healthz', hidden, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ alive: true }),
  )

  app.get('/readyz', hidden, async (request, reply) => {
    try {
      await ready()
    } catch (error) {
      request.log.error({ err: error }, 'not ready')
      return sendProblem(request, reply, 'unavailable')
    }
    return reply.header('cache-control', 'no-store').send({ ready: true })
  })

  app.get('/metrics', hidden, async (request, reply) => {
    // To others it does not exist.
    if (!mayReadFigures(request, operations.metricsToken)) return sendProblem(request, reply, 'not-found')
    const { registry } = operations.metrics
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

function mayReadFigures(request: FastifyRequest, token: string | null): boolean {
  if (token !== null && hasToken(request.headers.authorization, token)) return true
  // Behind a proxy on this machine everybody seems to come from it: then only the token counts.
  const isForwarded = request.headers['x-forwarded-for'] !== undefined || request.headers['forwarded'] !== undefined
  return !isForwarded && isLoopback(request.socket.remoteAddress)
}

function hasToken(authorization: string | undefined, token: string): boolean {
  const given = Buffer.from(authorization ?? '')
  const expected = Buffer.from(`Bearer ${token}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false
  const plain = address.replace(/^::ffff:/, '')
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'))
}
