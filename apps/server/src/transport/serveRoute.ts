import { problemSchema, type ProblemCode } from '@dongbo/api/problem.ts'
import type { Route } from '@dongbo/api/route.ts'
import type { Result } from '@dongbo/kernel/result.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type * as z from 'zod'
import type { Session } from '#access/sessions.ts'
import { sendProblem, type ProblemDetails } from './problem.ts'

export interface RouteRefusal extends ProblemDetails {
  readonly problem: ProblemCode
}

interface Call<R extends Route> {
  readonly params: R extends { readonly params: infer P extends z.ZodType } ? z.output<P> : undefined
  readonly body: R extends { readonly body: infer B extends z.ZodType } ? z.output<B> : undefined
  readonly session: R['access'] extends 'signed-in' ? Session : null
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** Answers a route of the contract: input and output have passed its schemas, a refusal goes out as a problem. */
export type Answer<R extends Route> = (call: Call<R>) => Promise<Result<z.input<R['response']>, RouteRefusal>>

export type FindSession = (request: FastifyRequest) => Promise<Session | null>

/** Puts a route of the contract on the server. */
export function serveRoute<const R extends Route>(
  app: FastifyInstance,
  route: R,
  findSession: FindSession,
  answer: Answer<R>,
): void {
  app.route({
    method: route.method,
    url: route.path,
    schema: {
      summary: route.summary,
      ...(route.params === undefined ? {} : { params: route.params }),
      ...(route.body === undefined ? {} : { body: route.body }),
      response: { 200: route.response, default: problemSchema },
    },
    async handler(request, reply) {
      const session = route.access === 'signed-in' ? await findSession(request) : null
      if (route.access === 'signed-in' && session === null) return sendProblem(request, reply, 'not-signed-in')
      const call = { params: request.params, body: request.body, session, request, reply }
      // The schemas above have checked `params` and `body`, and the session was just found: the types follow the route.
      const result = await answer(call as object as Call<R>)
      if (!result.ok) return sendProblem(request, reply, result.error.problem, result.error)
      return reply.header('cache-control', 'no-store').send(result.value)
    },
  })
}
