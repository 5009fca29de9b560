import type { ProblemCode } from '@dongbo/api/problem.ts'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { languageOf } from './language.ts'
import { localise } from './fieldMessages.ts'
import { sendProblem } from './problem.ts'

/** What the framework refuses by itself, in the words of our catalogue. */
const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'bad-request',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'too-large',
  414: 'bad-request',
  415: 'bad-request',
  429: 'slow-down',
  503: 'unavailable',
}

/** The last door for errors: nothing of their text goes out, all of it is logged. */
export function answerErrors(isOutOfReach: (error: unknown) => boolean) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    answer(error, request, reply, isOutOfReach)
}

function answer(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  isOutOfReach: (error: unknown) => boolean,
): FastifyReply {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const language = languageOf(request.headers['accept-language'])
    const fields = error.validation.map((finding) => ({
      path: finding.instancePath.replace(/^\//, '').replaceAll('/', '.'),
      message: localise(finding, language),
    }))
    return sendProblem(request, reply, 'bad-request', { fields })
  }
  const code = error.statusCode === undefined ? undefined : BY_STATUS[error.statusCode]
  if (code !== undefined) return sendProblem(request, reply, code)
  request.log.error({ err: error }, 'request failed')
  return sendProblem(request, reply, isOutOfReach(error) ? 'unavailable' : 'internal')
}
