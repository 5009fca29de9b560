import { connect, type Connection } from '@dongbo/db/connect.ts'
import { databaseHistory } from '@dongbo/db/history.ts'
import { endQuarantine, quarantine } from '@dongbo/db/quarantine.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { compactHistory } from '@dongbo/sync/room/compactHistory.ts'
import { argonPasswords } from '#access/password.ts'
import { readConfig, type Config } from './config.ts'
import { examineDocuments, type Diagnosis } from './examineDocuments.ts'
import { sentenceFor } from './failures.ts'
import { isEmpty, seedDemo } from './seedDemo.ts'
import { storeOf } from './store.ts'
import { systemClock, systemRandom } from './systemClock.ts'

type Command = (connection: Connection) => Promise<number>

const COMMANDS: Readonly<Record<string, Command>> = {
  migrate,
  seed,
  doctor,
  'doctor --quarantine': quarantineDamaged,
  compact,
}

const USAGE = `Usage: pnpm dongbo <command>
  migrate   bring the database's tables to this version
  seed      fill an empty database with the demo plan and its accounts
  doctor    load and check every document; exit code 1 when something is wrong
  doctor --quarantine
            the same, and put damaged documents aside, so that nobody opens or writes them; take sound ones back
  compact   merge the beginning of every log by author and minute; exit code 1 when one cannot be`

/** Runs one command of `pnpm dongbo` and ends the process: 0 done, 1 failed or findings, 2 not understood. */
export async function runCommand(words: readonly string[]): Promise<void> {
  const command = Object.hasOwn(COMMANDS, words.join(' ')) ? COMMANDS[words.join(' ')] : undefined
  if (command === undefined) {
    console.error(USAGE)
    process.exit(2)
  }
  let config: Config | null = null
  try {
    config = readConfig(process.env)
    const connection = await connect(storeOf(config))
    let exitCode: number
    try {
      exitCode = await command(connection)
    } finally {
      await connection.close()
    }
    process.exit(exitCode)
  } catch (error) {
    const sentence = sentenceFor(error, config)
    if (sentence === null) console.error('dongbo: the command failed.', error)
    else console.error(`dongbo: ${sentence}`)
    process.exit(1)
  }
}

async function migrate(connection: Connection): Promise<number> {
  await connection.migrate()
  console.log('The tables are those of this version.')
  return 0
}

async function seed(connection: Connection): Promise<number> {
  await connection.migrate()
  const { database } = connection
  if (!(await isEmpty(database))) {
    console.error('dongbo: The database is not empty: the demo plan goes into an empty one only.')
    return 1
  }
  await seedDemo({
    database,
    log: databaseUpdateLog(database),
    passwords: await argonPasswords(),
    clock: systemClock,
    random: systemRandom,
  })
  console.log('The demo plan and its accounts are in the database.')
  return 0
}

async function doctor(connection: Connection): Promise<number> {
  return report(await examined(connection))
}

async function quarantineDamaged(connection: Connection): Promise<number> {
  const diagnoses = await examined(connection)
  const { database } = connection
  for (const { document, isDamaged, isQuarantined } of diagnoses) {
    if (isDamaged && !isQuarantined) await quarantine(database, document)
    if (!isDamaged && isQuarantined) await endQuarantine(database, document)
  }
  return report(diagnoses.map((diagnosis) => ({ ...diagnosis, isQuarantined: diagnosis.isDamaged })))
}

async function examined(connection: Connection): Promise<readonly Diagnosis[]> {
  await connection.migrate()
  return await examineDocuments(connection.database)
}

function report(diagnoses: readonly Diagnosis[]): number {
  for (const { document, entries, snapshots, findings, isQuarantined } of diagnoses) {
    const state = isQuarantined ? 'AWAY' : findings.length === 0 ? 'ok  ' : 'BAD '
    const size = `${entries} entries, ${snapshots} snapshots`
    console.log(`${state} ${document}: ${size}${findings.map((one) => `; ${one}`).join('')}`)
  }
  const bad = diagnoses.filter(({ findings }) => findings.length > 0).length
  const aside = diagnoses.filter(({ isQuarantined }) => isQuarantined).length
  console.log(`${diagnoses.length} documents, ${bad} with findings, ${aside} in quarantine`)
  return bad === 0 && aside === 0 ? 0 : 1
}

async function compact(connection: Connection): Promise<number> {
  await connection.migrate()
  const history = databaseHistory(connection.database)
  let failures = 0
  for (const document of await databaseUpdateLog(connection.database).list()) {
    try {
      const done = await compactHistory(history, document)
      if (done.as === 'compacted') console.log(`${document}: ${done.entries} entries became ${done.into}`)
      if (done.as !== 'differs') continue
      console.error(
        `dongbo: ${document}: what was merged does not show the same, or a snapshot does not: nothing changed`,
      )
    } catch (error) {
      // One damaged document must not keep the others long.
      console.error(`dongbo: ${document}: ${error instanceof Error ? error.message : String(error)}`)
    }
    failures++
  }
  return failures === 0 ? 0 : 1
}
