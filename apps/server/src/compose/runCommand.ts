import { connect, type Connection } from '@dongbo/db/connect.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { argonPasswords } from '#access/password.ts'
import { readConfig, type Config } from './config.ts'
import { examineDocuments } from './examineDocuments.ts'
import { sentenceFor } from './failures.ts'
import { isEmpty, seedDemo } from './seedDemo.ts'
import { storeOf } from './store.ts'
import { systemClock, systemRandom } from './systemClock.ts'

type Command = (connection: Connection) => Promise<number>

const COMMANDS: Readonly<Record<string, Command>> = { migrate, seed, doctor }

const USAGE = `Usage: pnpm dongbo <command>
  migrate   bring the database's tables to this version
  seed      fill an empty database with the demo plan and its accounts
  doctor    load and check every document; exit code 1 when something is wrong`

/** Runs one command of `pnpm dongbo` and ends the process: 0 done, 1 failed or findings, 2 not understood. */
export async function runCommand(words: readonly string[]): Promise<void> {
  const command = words.length === 1 ? COMMANDS[words[0] ?? ''] : undefined
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
  await connection.migrate()
  const diagnoses = await examineDocuments(connection.database)
  for (const { document, entries, snapshots, findings } of diagnoses) {
    const size = `${entries} entries, ${snapshots} snapshots`
    console.log(
      `${findings.length === 0 ? 'ok  ' : 'BAD '} ${document}: ${size}${findings.map((one) => `; ${one}`).join('')}`,
    )
  }
  const bad = diagnoses.filter(({ findings }) => findings.length > 0).length
  console.log(`${diagnoses.length} documents, ${bad} with findings`)
  return bad === 0 ? 0 : 1
}
