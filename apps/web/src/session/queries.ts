import { QueryClient, queryOptions } from '@tanstack/react-query'
import { signInBodies } from '@dongbo/api/routes/bodies.ts'
import { me } from '@dongbo/api/routes/me.ts'
import { plan } from '@dongbo/api/routes/plan.ts'
import { ProblemError, request } from './request.ts'

/** What the server has said no to stays no; only an unreachable server is asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      retry: (failures, error) => failures < 2 && !(error instanceof ProblemError),
      refetchOnWindowFocus: false,
    },
  },
})

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => request(me, { signal }),
})

export const planQuery = (planId: string) =>
  queryOptions({
    queryKey: ['plan', planId],
    queryFn: ({ signal }) => request(plan, { params: { planId }, signal }),
  })

export const signInBodiesQuery = queryOptions({
  queryKey: ['sign-in', 'bodies'],
  queryFn: ({ signal }) => request(signInBodies, { signal }),
  staleTime: 3_600_000,
})
