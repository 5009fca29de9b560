import type { Me } from '@dongbo/api/routes/me.ts'
import { signIn as signInRoute, signOut as signOutRoute } from '@dongbo/api/routes/signIn.ts'
import { meQuery, queryClient } from './queries.ts'
import { request } from './request.ts'

/** Opens a session. Everything cached for another person is dropped. Rejects as `request` does. */
export async function signIn(credentials: { email: string; password: string }): Promise<Me> {
  const me = await request(signInRoute, { body: credentials })
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== 'sign-in' })
  queryClient.setQueryData(meQuery.queryKey, me)
  return me
}

/** Ends the session and forgets what was fetched in it. */
export async function signOut(): Promise<void> {
  await request(signOutRoute)
  queryClient.clear()
}
