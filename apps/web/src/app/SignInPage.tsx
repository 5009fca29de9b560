import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { SignInScreen } from '#features/sign-in/SignInScreen.tsx'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { next, because } = route.useSearch()
  const router = useRouter()
  // Fetched while the password is typed, so that the matrix opens at once.
  useEffect(() => void import('./MatrixPage.tsx'), [])
  return <SignInScreen because={because} onSignedIn={() => router.history.push(next ?? '/')} />
}
