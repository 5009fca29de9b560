import '#ui/fonts.css'
import '#ui/tokens.css'
import '#ui/base.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { keepShell } from '#session/keepShell.ts'
import { onBackOnline, queryClient } from '#session/queries.ts'
import { applyPreferences } from './applyPreferences.ts'
import { router } from './router.ts'

applyPreferences()
keepShell()
onBackOnline(() => void router.invalidate())

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  )
}
