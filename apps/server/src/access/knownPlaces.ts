import { createHash } from 'node:crypto'
import type { Instant } from '@dongbo/kernel/clock.ts'
import type { Database } from '@dongbo/db/database.ts'
import { knownPlace } from '@dongbo/db/schema.ts'
import { and, eq, lt } from 'drizzle-orm'

/** Who has not signed in from a place for a season is as new there as anybody. */
const KNOWN_FOR_MS = 90 * 24 * 3_600_000

/** What is kept of a network: enough to know it again, and nothing to read off a backup at a glance. */
export function placeOf(network: string): string {
  return createHash('sha256').update(`place ${network}`).digest('hex')
}

/** Notes that a person has just signed in from a place; what is known of him for too long is forgotten. */
export async function rememberPlace(database: Database, personId: string, place: string, now: Instant): Promise<void> {
  const lastAt = new Date(now)
  await database
    .insert(knownPlace)
    .values({ personId, place, lastAt })
    .onConflictDoUpdate({ target: [knownPlace.personId, knownPlace.place], set: { lastAt } })
  await database
    .delete(knownPlace)
    .where(and(eq(knownPlace.personId, personId), lt(knownPlace.lastAt, new Date(now - KNOWN_FOR_MS))))
}
