import { connect, type Connection } from '@dongbo/db/connect.ts'
import { DatabaseUnusable } from '@dongbo/db/databaseUnusable.ts'
import { errorCode, NO_SUCH_COLUMN, NO_SUCH_TABLE } from '@dongbo/db/sqlState.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { parseDocumentName } from '@dongbo/model/documentName.ts'
import { argonPasswords } from '#access/password.ts'
import { compact } from './compactDocuments.ts'
import { readConfig, type Config } from './config.ts'
import { doctor, quarantineDamaged, release } from './doctor.ts'
import { sentenceFor, withoutContent } from './failures.ts'
import { isEmpty, seedDemo } from './seedDemo.ts'
import { storeOf } from './store.ts'
import { systemClock, systemRandom } from './systemClock.ts'

type Command = (connection: Connection) => Promise<number>

const USAGE = `Usage: pnpm dongbo <command>
  migrate   bring the database's tables to this version
  seed      fill an empty database with the demo plan and its accounts
  doctor    load and check every document; exit code 1 when something is wrong
  doctor --quarantine
            the same, and put damaged documents aside: nobody opens or writes them, and nothing of them is lost
  doctor --release <document>
            take a document back, if it is sound
  compact [<document>]
            merge the beginning of every log, or of one, by author and minute; exit code 1 when one cannot be`

/** Runs one command of `pnpm dongbo` and ends the process: 0 done, 1 failed or findings, 2 not understood. */
export async function runCommand(words: readonly string[]): Promise<void> {
  const command = commandOf(words)
  if (command === null) {
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
    console.error(`dongbo: ${sentence ?? `the command failed: ${withoutContent(error)}`}`)
    process.exit(1)
  }
}

function commandOf([name, ...rest]: readonly string[]): Command | null {
  const [option, ...more] = rest
  if (name === 'migrate' && option === undefined) return migrate
  if (name === 'seed' && option === undefined) return seed
  if (name === 'doctor' && option === undefined) return asItStands(doctor)
  if (name === 'doctor' && option === '--quarantine' && more.length === 0) return asItStands(quarantineDamaged)
  if (name === 'compact' && option === undefined)
    return asItStands(async (connection) => await compact(connection, null))
  const named = name === 'doctor' && option === '--release' ? more : name === 'compact' ? rest : []
  const document = parseDocumentName(named[0] ?? '')
  if (named.length !== 1 || !document.ok) return null
  const act = name === 'doctor' ? release : compact
  return asItStands(async (connection) => await act(connection, document.value))
}

/** A command that looks at what there is, or tidies it, must not change the tables under servers of another version. */
function asItStands(command: Command): Command {
  return async (connection) => {
    try {
      return await command(connection)
    } catch (error) {
      const state = errorCode(error)
      if (state !== NO_SUCH_TABLE && state !== NO_SUCH_COLUMN) throw error
      throw new DatabaseUnusable('The tables are not those of this version: run `pnpm dongbo migrate` first.', {
        cause: error,
      })
    }
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
