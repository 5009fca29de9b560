import { join } from 'node:path'
import type { ServerOptions } from '@dongbo/testkit/serverProcess.ts'
import { PostgresCluster } from './postgresCluster.ts'

export interface MadeStore {
  readonly options: ServerOptions
  /** The database itself goes down without a word; an embedded one has gone with its server. */
  crash(): Promise<void>
  recover(): Promise<void>
  /** Where the database's own write-ahead log is. */
  walFolder(dataDir: string): string
  remove(): Promise<void>
}

export interface Engine {
  readonly name: string
  readonly make: () => Promise<MadeStore>
}

const nothing = async (): Promise<void> => undefined

export const EMBEDDED: Engine = {
  name: 'on the embedded database',
  make: async () => ({
    options: {},
    crash: nothing,
    recover: nothing,
    walFolder: (dataDir) => join(dataDir, 'pglite', 'pg_wal'),
    remove: nothing,
  }),
}

/** A server of its own with fsync on: what a kill proves on a database that does not sync proves little. */
export const POSTGRES: Engine = {
  name: 'on PostgreSQL',
  make: async () => {
    const cluster = await PostgresCluster.start()
    return {
      options: { databaseUrl: await cluster.createDatabase() },
      crash: () => cluster.stop('immediate'),
      recover: () => cluster.startAgain(),
      walFolder: () => join(cluster.dataDir, 'pg_wal'),
      remove: () => cluster.remove(),
    }
  },
}
