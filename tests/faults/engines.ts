import type { ServerOptions } from '@dongbo/testkit/serverProcess.ts'
import { PostgresCluster } from './postgresCluster.ts'

export interface Engine {
  readonly name: string
  /** What the server is started with, and how to take the store away. */
  readonly make: () => Promise<{ readonly options: ServerOptions; readonly remove: () => Promise<void> }>
}

export const EMBEDDED: Engine = {
  name: 'on the embedded database',
  make: async () => ({ options: {}, remove: async () => undefined }),
}

/** A server of its own with fsync on: what a kill proves on a database that does not sync proves little. */
export const POSTGRES: Engine = {
  name: 'on PostgreSQL',
  make: async () => {
    const cluster = await PostgresCluster.start()
    return { options: { databaseUrl: await cluster.createDatabase() }, remove: () => cluster.remove() }
  },
}
