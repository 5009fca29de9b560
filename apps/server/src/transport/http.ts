import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import fastify, { LogController, type FastifyInstance, type FastifyRequest } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { networkOf } from '#access/network.ts'
import { serveApi, type ApiParts } from './api.ts'
import { answerErrors } from './errors.ts'
import { loggedError } from './loggedError.ts'
import { serveOperations, type Operations } from './operations.ts'
import { serveLongPoll } from './longPoll.ts'
import { isOwnOrigin, mayChange } from './origin.ts'
import { sendProblem } from './problem.ts'
import type { FindSession } from './serveRoute.ts'
import { answerUnknown } from './unknownAddress.ts'
import { isServersOwn, serveWebApp } from './webApp.ts'
import type { WebFiles } from './webFiles.ts'
import { serveWebSockets, type SyncParts } from './websocket.ts'

export interface HttpParts extends ApiParts, Operations {
  readonly web: WebFiles
  readonly sync: SyncParts
  /** Origin of `PUBLIC_URL`, or null. */
  readonly publicOrigin: string | null
  readonly isHttps: boolean
  /** Addresses and networks of the proxies in front; empty: nobody stands in front. */
  readonly trustedProxies: readonly string[]
  /** Whether an error means that the database cannot be reached now. */
  readonly isOutOfReach: (error: unknown) => boolean
  readonly log: { readonly level: string; readonly stream: NodeJS.WritableStream }
  readonly newRequestId: () => string
}

/** Of the largest honest request: a sign-in. Files get routes with limits of their own. */
const BODY_LIMIT_BYTES = 65_536
/** A request line and headers come in one go, or somebody is holding connections. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** How often those two are looked after; Node's own 30 s would let a slow sender hold a connection three times as long. */
const LOOK_FOR_SLOW_SENDERS_MS = 1_000
const KEEP_ALIVE_MS = 20_000
/** An office of some hundred people may stand behind one address. */
const REQUESTS_PER_MINUTE = 3_000

/** The HTTP side of the server: nothing listens yet. */
export async function buildHttp(parts: HttpParts): Promise<FastifyInstance> {
  const answerError = answerErrors(parts.isOutOfReach)
  const app = fastify({
    logger: { level: parts.log.level, stream: parts.log.stream, serializers: { err: loggedError } },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: parts.newRequestId,
    trustProxy: parts.trustedProxies.length === 0 ? false : [...parts.trustedProxies],
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: LOOK_FOR_SLOW_SENDERS_MS },
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 128 },
    frameworkErrors: (error, request, reply) => void answerError(error, request as FastifyRequest, reply),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(answerUnknown)

  await app.register(helmet, securityHeaders(parts.isHttps))
  await app.register(cookie)
  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    keyGenerator: (request) => networkOf(request.ip),
    allowList: (request) => isAsset(request),
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Đồng Bộ', version: '1', description: 'HTTP interface of Đồng Bộ. Errors are problem+json.' },
    },
    transform: jsonSchemaTransform,
  })

  const findSession: FindSession = async (request) => {
    const token = request.cookies[parts.cookie.name]
    return token === undefined ? null : await parts.sessions.find(token)
  }
  const recogniseSession: FindSession = async (request) => {
    const token = request.cookies[parts.cookie.name]
    return token === undefined ? null : await parts.sessions.recognise(token)
  }

  app.addHook('onRequest', async (request, reply) => {
    if (isReading(request.method) || mayChange(request.headers, parts.publicOrigin)) return
    return sendProblem(request, reply, 'foreign-origin')
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const status = `${Math.floor(reply.statusCode / 100)}xx`
    parts.metrics.requests.observe({ route, status }, reply.elapsedTime / 1000)
    request.log.debug({ method: request.method, route, status: reply.statusCode, ms: reply.elapsedTime }, 'answered')
  })

  const isOwn = (request: FastifyRequest) =>
    isOwnOrigin(request.headers.origin, request.headers.host, parts.publicOrigin)
  await serveWebSockets(app, { ...parts.sync, isOwnOrigin: isOwn, recogniseSession })
  await serveLongPoll(app, { ...parts.sync, recogniseSession })
  serveApi(app, parts, findSession)
  serveOperations(app, parts, parts.sync.clock)
  serveWebApp(app, parts.web)
  await app.ready()
  return app
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/** Files of the web app come in dozens at a first visit and cost next to nothing. */
function isAsset(request: FastifyRequest): boolean {
  return request.method === 'GET' && !isServersOwn(request.url.split('?', 1)[0] ?? '/')
}

function securityHeaders(isHttps: boolean) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(isHttps ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    hsts: isHttps ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'same-origin' as const },
  }
}
