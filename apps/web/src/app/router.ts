import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type ErrorComponentProps,
} from '@tanstack/react-router'
import { meQuery, planQuery, queryClient } from '#session/queries.ts'
import { isSignedOut } from '#session/request.ts'
import { CrashPage, NoPlanPage, NotFoundPage, OpeningPage } from './pages.tsx'
import { SignInPage } from './SignInPage.tsx'

export interface SignInSearch {
  /** Where to go afterwards: a path of ours, never another site. */
  readonly next?: string
  readonly because?: 'expired' | 'signed-out'
}

export interface MatrixSearch {
  /** The task whose drawer is open. */
  readonly task?: string
}

const rootRoute = createRootRoute({ notFoundComponent: NotFoundPage })

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): SignInSearch => {
    const { next, because } = search
    return {
      ...(typeof next === 'string' && /^\/(?!\/)/.test(next) ? { next } : {}),
      ...(because === 'expired' || because === 'signed-out' ? { because } : {}),
    }
  },
  component: SignInPage,
})

/** Everything behind the door: without a session one is sent to sign in and comes back to the same place. */
const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const known = queryClient.getQueryData(meQuery.queryKey) !== undefined
    try {
      return { me: await queryClient.ensureQueryData(meQuery) }
    } catch (error) {
      if (!isSignedOut(error)) throw error
      const next = location.href === '/' ? {} : { next: location.href }
      throw redirect({ to: '/sign-in', search: known ? { ...next, because: 'expired' } : next })
    }
  },
})

const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: ({ context }) => {
    const first = context.me.plans[0]
    if (first !== undefined) throw redirect({ to: '/plans/$planId/matrix', params: { planId: first.id } })
  },
  component: NoPlanPage,
})

const matrixRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/plans/$planId/matrix',
  validateSearch: (search: Record<string, unknown>): MatrixSearch =>
    typeof search['task'] === 'string' ? { task: search['task'] } : {},
  loader: async ({ context, params }) => ({
    me: context.me,
    plan: await queryClient.ensureQueryData(planQuery(params.planId)),
  }),
  component: lazyRouteComponent(() => import('./MatrixPage.tsx'), 'MatrixPage'),
})

const routeTree = rootRoute.addChildren([signInRoute, signedInRoute.addChildren([homeRoute, matrixRoute])])

export const router = createRouter({
  routeTree,
  defaultPendingComponent: OpeningPage,
  defaultPendingMs: 300,
  defaultErrorComponent: CrashPage satisfies (props: ErrorComponentProps) => unknown,
  defaultNotFoundComponent: NotFoundPage,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
