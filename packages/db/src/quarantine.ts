import type { DocumentName } from '@dongbo/model/documentName.ts'
import { eq, isNotNull, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { document, documentLease } from './schema.ts'

/**
 * Puts a document aside: nobody opens it, and whoever has it open cannot write it any more. Nothing of it is changed. All of
 * it is in one transaction, so that no write slips in between.
 */
export async function quarantine(database: Database, name: DocumentName): Promise<void> {
  await database.transaction(async (tx) => {
    await tx
      .update(document)
      .set({ quarantinedAt: sql`clock_timestamp()` })
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
  await database.update(document).set({ quarantinedAt: null }).where(eq(document.name, name))
}

export async function quarantined(database: Database): Promise<ReadonlySet<string>> {
  const rows = await database.select({ name: document.name }).from(document).where(isNotNull(document.quarantinedAt))
  return new Set(rows.map(({ name }) => name))
}
