import { ServerProcess, type ServerOptions } from '@dongbo/testkit/serverProcess.ts'
import { Office } from './office.ts'
import { PostgresCluster } from './postgresCluster.ts'

/** A server on a PostgreSQL of its own, and the people who work there. */
export interface Place {
  readonly cluster: PostgresCluster
  readonly server: ServerProcess
  readonly office: Office
  /** The database's own address. */
  readonly databaseUrl: string
  remove(): Promise<void>
}

export async function onPostgres(env: ServerOptions['env'] = {}): Promise<Place> {
  const cluster = await PostgresCluster.start()
  const databaseUrl = await cluster.createDatabase()
  const server = await ServerProcess.start({ databaseUrl, env })
  const office = new Office(server.url)
  return {
    cluster,
    server,
    office,
    databaseUrl,
    async remove() {
      office.close()
      await server.remove()
      await cluster.remove()
    },
  }
}
