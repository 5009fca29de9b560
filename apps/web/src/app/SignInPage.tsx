import { getRouteApi, useRouter } from '@tanstack/react-router'
import { SignInScreen } from '#features/sign-in/SignInScreen.tsx'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { next, because } = route.useSearch()
  const router = useRouter()
  return <SignInScreen because={because} onSignedIn={() => router.history.push(next ?? '/')} />
}
