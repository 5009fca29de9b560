import { PROBLEMS, problemSchema, type Problem } from '@dongbo/api/problem.ts'
import type { Route } from '@dongbo/api/route.ts'
import type * as z from 'zod'

/** The server said no, and why. `message` is its sentence in the reader's language. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** The server was not reached, or what answered did not speak the contract. Nothing is known to have happened. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
  readonly because: 'network' | 'unexpected-answer'
  constructor(because: 'network' | 'unexpected-answer', options?: ErrorOptions) {
    super(because, options)
    this.because = because
  }
}

type Output<R extends Route> = z.infer<R['response']>
type Params<R extends Route> = R extends { readonly params: z.ZodObject } ? z.infer<R['params']> : undefined
type Body<R extends Route> = R extends { readonly body: z.ZodType } ? z.infer<R['body']> : undefined

/** Calls one route of the HTTP contract. Rejects with `ProblemError`, `UnreachableError`, or the signal's abort. */
export async function request<R extends Route>(
  route: R,
  input: { readonly params?: Params<R>; readonly body?: Body<R>; readonly signal?: AbortSignal } = {},
): Promise<Output<R>> {
  const headers = new Headers({ accept: 'application/json', 'accept-language': document.documentElement.lang })
  if (input.body !== undefined) headers.set('content-type', 'application/json')
  let answer: Response
  try {
    answer = await fetch(address(route, input.params), {
      method: route.method,
      headers,
      credentials: 'same-origin',
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      ...(input.signal === undefined ? {} : { signal: input.signal }),
    })
  } catch (cause) {
    if (input.signal?.aborted === true) throw cause
    throw new UnreachableError('network', { cause })
  }
  const content: unknown = await answer.json().catch(() => null)
  if (!answer.ok) {
    const problem = problemSchema.safeParse(content)
    if (problem.success) throw new ProblemError(problem.data)
    throw new UnreachableError('network')
  }
  const result = route.response.safeParse(content)
  if (!result.success) throw new UnreachableError('unexpected-answer', { cause: result.error })
  return result.data as Output<R>
}

/** Whether the session is gone, so that only signing in again helps. */
export function isSignedOut(error: unknown): boolean {
  return (
    error instanceof ProblemError &&
    error.problem.code === 'not-signed-in' &&
    error.problem.status === PROBLEMS['not-signed-in'].status
  )
}

function address(route: Route, params: Readonly<Record<string, unknown>> | undefined): string {
  return route.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params?.[name])))
}
