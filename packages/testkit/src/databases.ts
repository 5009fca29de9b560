import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect, type Connection } from '@dongbo/db/connect.ts'
import { connectInMemory, dumpMigrated } from '@dongbo/db/inMemory.ts'

const DB_FOLDER = fileURLToPath(new URL('../../db', import.meta.url))
const CACHE_FOLDER = fileURLToPath(new URL('../../../node_modules/.cache/dongbo', import.meta.url))

/** A migrated embedded database in memory. Takes a second or two: share one among the tests of a file. */
export async function embeddedDatabase(): Promise<Connection> {
  return await connectInMemory(await migratedDump())
}

/** Making a database takes many seconds, loading its files two: they are kept until a migration or the engine changes. */
async function migratedDump(): Promise<Uint8Array> {
  const path = join(CACHE_FOLDER, `migrated-${migrationsDigest()}.tar.gz`)
  try {
    return readFileSync(path)
  } catch {
    // Not made yet. Two workers may both make it: the last one's rename wins, and both are the same.
  }
  const dump = await dumpMigrated()
  mkdirSync(CACHE_FOLDER, { recursive: true })
  writeFileSync(`${path}.${process.pid}`, dump)
  renameSync(`${path}.${process.pid}`, path)
  return dump
}

function migrationsDigest(): string {
  const digest = createHash('sha256').update(readFileSync(join(DB_FOLDER, 'package.json')))
  // The engine's exact version stands in the catalogue.
  digest.update(readFileSync(join(DB_FOLDER, '..', '..', 'pnpm-workspace.yaml')))
  const migrations = join(DB_FOLDER, 'drizzle')
  for (const name of readdirSync(migrations).toSorted()) {
    if (name.endsWith('.sql')) digest.update(readFileSync(join(migrations, name)))
  }
  return digest.digest('hex').slice(0, 16)
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
