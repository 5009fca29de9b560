import type { PgDatabase, PgQueryResultHKT, PgTransaction } from 'drizzle-orm/pg-core'
import type { ExtractTablesWithRelations } from 'drizzle-orm'
import type * as schema from './schema.ts'

type Schema = typeof schema

/** The database as everything but `connect.ts` sees it: the same queries on PGlite and on PostgreSQL. */
export type Database = PgDatabase<PgQueryResultHKT, Schema>

export type Transaction = PgTransaction<PgQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>
