import type { PGlite } from '@electric-sql/pglite'
import type { PgDatabase, PgQueryResultHKT, PgTransaction } from 'drizzle-orm/pg-core'
import type { ExtractTablesWithRelations } from 'drizzle-orm'
import type { Sql } from 'postgres'
import type * as schema from './schema.ts'

type Schema = typeof schema

/**
 * The database as everything but `connect.ts` sees it: the same queries on PGlite and on PostgreSQL. The driver itself is for
 * the one statement that must not be built anew each time (`appendEntries.ts`).
 */
export type Database = PgDatabase<PgQueryResultHKT, Schema> & { readonly $client: PGlite | Sql }

export type Transaction = PgTransaction<PgQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>
