import { QueryClient, queryOptions } from '@tanstack/react-query'
import { signInBodies } from '@dongbo/api/routes/bodies.ts'
import { me, meSchema } from '@dongbo/api/routes/me.ts'
import { plan, planSchema } from '@dongbo/api/routes/plan.ts'
import { answerOrKept } from './keptAnswers.ts'
import { ProblemError, request } from './request.ts'

/** What the server has said no to stays no; only an unreachable server is asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      retry: (failures, error) => failures < 2 && !(error instanceof ProblemError),
      refetchOnWindowFocus: false,
      // Without the network there may be a kept answer: asking is never put off.
      networkMode: 'always',
    },
  },
})

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => answerOrKept('me', meSchema, () => request(me, { signal })),
})

export const planQuery = (planId: string) =>
  queryOptions({
    queryKey: ['plan', planId],
    queryFn: ({ signal }) =>
      answerOrKept(`plan.${planId}`, planSchema, () => request(plan, { params: { planId }, signal })),
  })

/** Calls `renewed` once what the page knows is the server's again: an answer that was kept may be old. */
export function onBackOnline(renewed: () => void): void {
  window.addEventListener('online', () => {
    const asked = queryClient.refetchQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'sign-in', type: 'all' })
    void asked.then(renewed)
  })
}

export const signInBodiesQuery = queryOptions({
  queryKey: ['sign-in', 'bodies'],
  queryFn: ({ signal }) => request(signInBodies, { signal }),
  staleTime: 3_600_000,
})
