import { instant, type Instant } from '@dongbo/kernel/clock.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { eq, isNotNull, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { document, documentLease } from './schema.ts'

/**
 * Puts a document aside: nobody opens it, and whoever has it open cannot write it any more. Nothing of it is changed. All of
 * it is in one transaction, so that no write slips in between.
 */
export async function quarantine(database: Database, name: DocumentName, because: string): Promise<void> {
  await database.transaction(async (tx) => {
    await tx
      .update(document)
      .set({ quarantinedAt: sql`clock_timestamp()`, quarantinedBecause: because })
      .where(eq(document.name, name))
    // A greater token puts out whoever holds the document.
    await tx
      .insert(documentLease)
      .values({ document: name, holder: null, token: 1, endsAt: sql`clock_timestamp()` })
      .onConflictDoUpdate({
        target: documentLease.document,
        set: { holder: null, token: sql`${documentLease.token} + 1`, endsAt: sql`clock_timestamp()` },
      })
  })
}

/** Takes a document back that has been found sound. */
export async function endQuarantine(database: Database, name: DocumentName): Promise<void> {
  await database.update(document).set({ quarantinedAt: null, quarantinedBecause: null }).where(eq(document.name, name))
}

export interface Quarantine {
  readonly since: Instant
  readonly because: string
}

export async function quarantined(database: Database): Promise<ReadonlyMap<string, Quarantine>> {
  const rows = await database
    .select({ name: document.name, since: document.quarantinedAt, because: document.quarantinedBecause })
    .from(document)
    .where(isNotNull(document.quarantinedAt))
  return new Map(
    rows.map(({ name, since, because }) => [name, { since: instant(since?.getTime() ?? 0), because: because ?? '' }]),
  )
}
