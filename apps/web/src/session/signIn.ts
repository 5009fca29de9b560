import type { Me } from '@dongbo/api/routes/me.ts'
import { signIn as signInRoute, signOut as signOutRoute } from '@dongbo/api/routes/signIn.ts'
import { forgetPerson } from '@dongbo/sync/client/deviceStore.ts'
import { forgetAnswers, keepAnswer } from './keptAnswers.ts'
import { meQuery, queryClient } from './queries.ts'
import { request } from './request.ts'

/** Opens a session. Everything cached for another person is dropped. Rejects as `request` does. */
export async function signIn(credentials: { email: string; password: string }): Promise<Me> {
  const me = await request(signInRoute, { body: credentials })
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== 'sign-in' })
  forgetAnswers()
  keepAnswer('me', me)
  queryClient.setQueryData(meQuery.queryKey, me)
  return me
}

/**
 * Ends the session and takes away what this device keeps of it, edits that were never sent included: the next person at
 * this computer finds nothing. Rejects as `request` does, with everything as it was.
 */
export async function signOut(): Promise<void> {
  const known = queryClient.getQueryData(meQuery.queryKey)
  await request(signOutRoute)
  queryClient.clear()
  forgetAnswers()
  if (known === undefined) return
  // Not waited for: a tab that sleeps lets go of it when it wakes, and whoever signs in next comes after.
  forgetPerson(known.person.id).catch(() => {
    // A browser that keeps nothing has nothing to take away.
  })
}
