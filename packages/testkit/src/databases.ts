import { connect, connectInMemory, type Connection } from '@dongbo/db/connect.ts'

/** A migrated embedded database in memory. Takes seconds to make: share one among the tests of a file. */
export async function embeddedDatabase(): Promise<Connection> {
  const connection = await connectInMemory()
  await connection.migrate()
  return connection
}

/** A migrated database of its own on the PostgreSQL server of `TEST_PG_URL`; closing the connection drops it. */
export async function postgresDatabase(): Promise<Connection & { readonly url: string }> {
  const { url, drop } = await createPostgresDatabase()
  const connection = await connect({ engine: 'postgres', url })
  await connection.migrate()
  return {
    ...connection,
    url,
    async close() {
      await connection.close()
      await drop()
    },
  }
}

/** An empty database of its own on the server of `TEST_PG_URL`, for those who connect by themselves. */
export async function createPostgresDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const server = process.env['TEST_PG_URL']
  if (server === undefined) throw new Error('TEST_PG_URL is not set: the PostgreSQL suite needs a server')
  const name = `dongbo_test_${process.pid}_${Date.now().toString(36)}_${Math.floor(Math.random() * 1e6)}`
  const url = new URL(server)
  url.pathname = `/${name}`
  await onServer(server, `create database ${name}`)
  return { url: url.href, drop: () => onServer(server, `drop database if exists ${name} with (force)`) }
}

async function onServer(server: string, statement: string): Promise<void> {
  const connection = await connect({ engine: 'postgres', url: server })
  try {
    await connection.database.execute(statement)
  } finally {
    await connection.close()
  }
}
