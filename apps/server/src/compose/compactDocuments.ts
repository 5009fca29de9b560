import type { Connection } from '@dongbo/db/connect.ts'
import { databaseHistory } from '@dongbo/db/history.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { compactHistory } from '@dongbo/sync/room/compactHistory.ts'
import { loggedError } from '#transport/loggedError.ts'

/** Merges the beginning of every log, or of one. Servers may run meanwhile: they read what is behind their snapshots. */
export async function compact(connection: Connection, only: DocumentName | null): Promise<number> {
  const history = databaseHistory(connection.database)
  const documents = only === null ? await databaseUpdateLog(connection.database).list() : [only]
  let failures = 0
  for (const document of documents) {
    try {
      const done = await compactHistory(history, document)
      if (done.as === 'compacted') console.log(`${document}: ${done.entries} entries became ${done.into}`)
      if (done.as === 'compacted' || done.as === 'nothing-to-do') continue
      console.error(`dongbo: ${document}: ${done.as === 'differs' ? DIFFERS : 'there is no such document'}`)
    } catch (error) {
      // One damaged document must not keep the others long.
      console.error(`dongbo: ${document}: ${loggedError(error).message}`)
    }
    failures++
  }
  return failures === 0 ? 0 : 1
}

const DIFFERS = 'what was merged does not show the same, or a snapshot does not: nothing changed'
