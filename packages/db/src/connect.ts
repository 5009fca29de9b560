import type { PGlite } from '@electric-sql/pglite'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Options, Sql } from 'postgres'
import type { Database } from './database.ts'
import { DatabaseUnusable } from './databaseUnusable.ts'
import type { FolderLock } from './folderLock.ts'
import * as schema from './schema.ts'
import { errorCode, INVALID_AUTHORIZATION, INVALID_PASSWORD, NO_SUCH_DATABASE } from './sqlState.ts'

/** Where the data is: a folder for the embedded engine, held by us alone, or the address of a PostgreSQL server. */
export type Store =
  | { readonly engine: 'pglite'; readonly lock: FolderLock }
  | { readonly engine: 'postgres'; readonly url: string }

export interface Connection {
  readonly database: Database
  /** Brings the tables to this version. Two processes at once are safe: the second waits, and finds nothing to do. */
  migrate(): Promise<void>
  /** Rejects when the database cannot answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../drizzle', import.meta.url))
const OLDEST_POSTGRES = 15
/** Any constant will do, as long as every version of this program uses the same. */
const MIGRATION_LOCK = 0x646f6e67
/** Who asks in vain holds up what waits behind it; a host that is there answers within one. */
const CONNECT_TIMEOUT_S = 5
/** No query of ours takes this long; one that does holds locks that others wait for. */
const STATEMENT_TIMEOUT_MS = 30_000
/** Who waits longer for a row that somebody else holds gives up: everybody’s next commit waits behind this one. */
const LOCK_TIMEOUT_MS = 1_000
const POOL_SIZE = 10
/** Answers only where the tables are. */
const USABLE = 'select 1 from document limit 1'

/**
 * Opens the store; closing it gives the folder's lock back. Throws `DatabaseUnusable`, or the file system's error for the
 * embedded engine's folder. The engines are loaded here and not above: each costs most of a second, and one is needed.
 */
export async function connect(store: Store): Promise<Connection> {
  return store.engine === 'pglite' ? await connectPglite(store.lock) : await connectPostgres(store.url)
}

async function connectPglite(lock: FolderLock): Promise<Connection> {
  try {
    const { PGlite } = await import('@electric-sql/pglite')
    const connection = await openPglite(await PGlite.create(join(lock.folder, 'pglite')))
    return {
      ...connection,
      async close() {
        await connection.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** A connection over an embedded engine; closing it closes the engine. */
export async function openPglite(engine: PGlite): Promise<Connection> {
  const { drizzle } = await import('drizzle-orm/pglite')
  const { migrate } = await import('drizzle-orm/pglite/migrator')
  await engine.waitReady
  const database = drizzle(engine, { schema, casing: 'snake_case' })
  return {
    database,
    // No lock beside the folder's: nobody else can be on this engine.
    migrate: async () => await migrate(database, { migrationsFolder: MIGRATIONS_FOLDER }),
    async ping() {
      await database.execute(USABLE)
    },
    close: async () => await engine.close(),
  }
}

async function connectPostgres(url: string): Promise<Connection> {
  const { default: postgres } = await import('postgres')
  const { drizzle } = await import('drizzle-orm/postgres-js')
  const { migrate } = await import('drizzle-orm/postgres-js/migrator')
  const options = {
    connect_timeout: CONNECT_TIMEOUT_S,
    backoff: reconnectDelayS,
    onnotice: () => undefined,
    connection: { application_name: 'dongbo' },
  }
  const client = openClient(postgres, url, {
    ...options,
    max: POOL_SIZE,
    connection: { ...options.connection, statement_timeout: STATEMENT_TIMEOUT_MS, lock_timeout: LOCK_TIMEOUT_MS },
  })
  try {
    await refuseOldServer(client)
  } catch (error) {
    await client.end({ timeout: 1 })
    throw explained(error, url)
  }
  const database = drizzle(client, { schema, casing: 'snake_case' })
  return {
    database,
    async migrate() {
      // One connection, so that the lock and the migration share a session; no statement timeout while waiting.
      const single = openClient(postgres, url, { ...options, max: 1 })
      try {
        await single`select pg_advisory_lock(${MIGRATION_LOCK})`
        await migrate(drizzle(single), { migrationsFolder: MIGRATIONS_FOLDER })
      } finally {
        // Ending the session releases the lock, also after a failure.
        await single.end({ timeout: 5 })
      }
    },
    async ping() {
      await database.execute(USABLE)
    },
    close: async () => await client.end({ timeout: 5 }),
  }
}

/** Seconds until the next attempt. The driver's own wait grows to 20 s: people would wait for a database that is back. */
function reconnectDelayS(failures: number): number {
  return Math.min(1, 0.05 * 2 ** failures)
}

type Open = (url: string, options: Options<Record<string, never>>) => Sql

function openClient(open: Open, url: string, options: Options<Record<string, never>>): Sql {
  try {
    return open(url, options)
  } catch {
    throw new DatabaseUnusable(
      'DATABASE_URL is not an address: write it as postgres://user:password@host:5432/database.',
    )
  }
}

async function refuseOldServer(client: Sql): Promise<void> {
  const [row] = await client<[{ version: string }]>`select current_setting('server_version_num') as version`
  const major = Math.floor(Number(row.version) / 10_000)
  if (major < OLDEST_POSTGRES) {
    throw new DatabaseUnusable(
      `The PostgreSQL server is version ${major}: point DATABASE_URL at version ${OLDEST_POSTGRES} or newer.`,
    )
  }
}

function explained(error: unknown, url: string): unknown {
  if (error instanceof DatabaseUnusable) return error
  const { host, pathname, username } = new URL(url)
  const code = errorCode(error)
  if (code === INVALID_PASSWORD || code === INVALID_AUTHORIZATION) {
    return new DatabaseUnusable(
      `The PostgreSQL server at ${host} refused the user ${username}: check the user and the password in DATABASE_URL.`,
    )
  }
  if (code === NO_SUCH_DATABASE) {
    return new DatabaseUnusable(
      `The PostgreSQL server at ${host} has no database ${pathname.slice(1)}: create it, or correct DATABASE_URL.`,
    )
  }
  return new DatabaseUnusable(
    `The PostgreSQL server at ${host} cannot be reached (${code ?? 'no answer'}): start it, or correct DATABASE_URL.`,
    { cause: error },
  )
}
