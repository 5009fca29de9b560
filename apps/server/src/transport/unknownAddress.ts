import { ROUTES } from '@dongbo/api/routes.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from './problem.ts'

const KNOWN = ROUTES.map((route) => ({
  method: route.method,
  pattern: new RegExp(`^${route.path.replaceAll(/:[^/]+/g, '[^/]+')}$`),
}))

/** No handler for this: 405 where another method would do, else 404. */
export function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? '/'
  const methods = KNOWN.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
  if (methods.length === 0) return sendProblem(request, reply, 'not-found')
  return sendProblem(request, reply.header('allow', methods.join(', ')), 'method-not-allowed')
}
