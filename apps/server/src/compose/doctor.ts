import type { Connection } from '@dongbo/db/connect.ts'
import { endQuarantine, quarantine } from '@dongbo/db/quarantine.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { examineDocuments, type Diagnosis } from './examineDocuments.ts'

/** Examines every document. Exit code 1 when something is wrong. */
export async function doctor(connection: Connection): Promise<number> {
  return report(await examined(connection))
}

/** The same, and puts damaged documents aside. What looks sound again stays aside: a failing disk does that too. */
export async function quarantineDamaged(connection: Connection): Promise<number> {
  for (const { document, findings, isDamaged, quarantine: before } of await examined(connection)) {
    if (isDamaged && before === null) await quarantine(connection.database, document, findings.join('; '))
  }
  return report(await examined(connection))
}

/** Takes a document back that was put aside, if it is sound. */
export async function release(connection: Connection, document: DocumentName): Promise<number> {
  const [diagnosis] = await examined(connection, document)
  if (diagnosis === undefined) {
    console.error(`dongbo: ${document}: there is no such document`)
    return 1
  }
  if (diagnosis.isDamaged) {
    report([diagnosis])
    return 1
  }
  await endQuarantine(connection.database, document)
  return report(await examined(connection, document))
}

async function examined(connection: Connection, only: DocumentName | null = null): Promise<readonly Diagnosis[]> {
  return await examineDocuments(connection.database, only)
}

function report(diagnoses: readonly Diagnosis[]): number {
  for (const { document, entries, snapshots, findings, quarantine: aside } of diagnoses) {
    const state = aside !== null ? 'AWAY' : findings.length === 0 ? 'ok  ' : 'BAD '
    const size = `${entries} entries, ${snapshots} snapshots`
    const since = aside === null ? [] : [`put aside ${new Date(aside.since).toISOString()}: ${aside.because}`]
    console.log(`${state} ${document}: ${[size, ...findings, ...since].join('; ')}`)
  }
  const bad = diagnoses.filter(({ findings }) => findings.length > 0).length
  const away = diagnoses.filter(({ quarantine: aside }) => aside !== null).length
  console.log(`${diagnoses.length} documents, ${bad} with findings, ${away} in quarantine`)
  return bad === 0 && away === 0 ? 0 : 1
}
