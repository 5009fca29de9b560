import { createPostgresDatabase } from '@dongbo/testkit/databases.ts'
import type { ServerOptions } from '@dongbo/testkit/serverProcess.ts'

export interface Store {
  readonly name: string
  /** An empty store, and how to take it away again. */
  readonly make: () => Promise<{ options: ServerOptions; remove: () => Promise<void> }>
}

/** The stores that the whole story is told on; the others need only one. PostgreSQL needs `TEST_PG_URL`, as its own suite does. */
export const STORES: readonly Store[] = [
  { name: 'the embedded database', make: async () => ({ options: {}, remove: async () => undefined }) },
  {
    name: 'PostgreSQL',
    make: async () => {
      const { url, drop } = await createPostgresDatabase()
      return { options: { databaseUrl: url }, remove: drop }
    },
  },
]
