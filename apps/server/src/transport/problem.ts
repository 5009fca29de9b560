import { PROBLEMS, type Problem, type ProblemCode } from '@dongbo/api/problem.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { languageOf } from './language.ts'

export interface ProblemDetails {
  readonly fields?: Problem['fields']
  readonly retryAfterMs?: number
}

/** Answers with an error of the catalogue, in the reader's language. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: ProblemCode,
  details: ProblemDetails = {},
): FastifyReply {
  const entry = PROBLEMS[code]
  const text = entry[languageOf(request.headers['accept-language'])]
  const problem: Problem = {
    type: `urn:dongbo:problem:${code}`,
    title: firstSentence(text),
    status: entry.status,
    code,
    detail: text,
    requestId: request.id,
    ...(details.fields === undefined ? {} : { fields: details.fields }),
  }
  if (details.retryAfterMs !== undefined) void reply.header('retry-after', Math.ceil(details.retryAfterMs / 1000))
  return reply
    .code(entry.status)
    .header('cache-control', 'no-store')
    .header('vary', 'accept-language')
    .type('application/problem+json; charset=utf-8')
    .serializer((payload) => JSON.stringify(payload))
    .send(problem)
}

function firstSentence(text: string): string {
  const end = text.indexOf('. ')
  return end < 0 ? text : text.slice(0, end + 1)
}
