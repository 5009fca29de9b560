import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '@dongbo/testkit/serverProcess.ts'

const run = promisify(execFile)

/** How a cluster is stopped: `immediate` is a crash of the whole database, with recovery at the next start. */
export type StopMode = 'smart' | 'fast' | 'immediate'

export interface ClusterOptions {
  /** An existing folder to put the data in, such as a full disk; otherwise a temporary one. */
  readonly folder?: string
  /** Variables for the server process, such as LD_PRELOAD. */
  readonly env?: Readonly<Record<string, string>>
  readonly settings?: Readonly<Record<string, string>>
}

/** A PostgreSQL server of the test's own, with fsync on, which may be stopped, crashed, filled up and lied to. */
export class PostgresCluster {
  readonly port: number
  readonly folder: string
  readonly #options: ClusterOptions
  #databases = 0

  private constructor(port: number, folder: string, options: ClusterOptions) {
    this.port = port
    this.folder = folder
    this.#options = options
  }

  static async start(options: ClusterOptions = {}): Promise<PostgresCluster> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'dongbo-cluster-'))
    chmodSync(folder, 0o755)
    const cluster = new PostgresCluster(await freePort(), folder, options)
    try {
      await cluster.#make()
      return cluster
    } catch (error) {
      await cluster.remove()
      throw error
    }
  }

  async #make(): Promise<void> {
    const owner = await ownerIds()
    for (const part of ['data', 'socket']) {
      mkdirSync(join(this.folder, part), { mode: 0o700 })
      chownSync(join(this.folder, part), ...owner)
    }
    // With `--no-sync`, or it would wait for a real disk three times; the data is made anew for each run.
    const words = ['-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync']
    await asOwner([program('initdb'), '-D', this.dataDir, ...words])
    await this.startAgain()
  }

  get dataDir(): string {
    return join(this.folder, 'data')
  }

  /** The address of a fresh, empty database. `port`: of a proxy in front of the cluster. */
  async createDatabase(port: number = this.port): Promise<string> {
    const name = `dongbo_${this.#databases++}`
    await this.sql('postgres', `create database ${name}`)
    return this.address(name, port)
  }

  address(database: string, port: number = this.port): string {
    return `postgres://postgres@127.0.0.1:${port}/${database}`
  }

  /** Runs one statement as the superuser, past everything that stands between the server and its database. */
  async sql(database: string, statement: string): Promise<string> {
    const words = [
      '-h',
      '127.0.0.1',
      '-p',
      String(this.port),
      '-U',
      'postgres',
      '-d',
      database,
      '-qAt',
      '-c',
      statement,
    ]
    const { stdout } = await run(program('psql'), words)
    return stdout.trim()
  }

  /** A session that stays open, to hold locks with. */
  session(database: string): { say(statement: string): Promise<void>; end(): Promise<void> } {
    const words = ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'postgres', '-d', database, '-qAt']
    const child = spawn(program('psql'), words, { stdio: ['pipe', 'pipe', 'inherit'] })
    return {
      async say(statement) {
        const answered = once(child.stdout, 'data')
        child.stdin.write(`${statement}\n\\echo done\n`)
        await answered
      },
      async end() {
        const ended = once(child, 'exit')
        child.stdin.end()
        await ended
      },
    }
  }

  async startAgain(env: Readonly<Record<string, string>> = this.#options.env ?? {}): Promise<void> {
    const settings = { fsync: 'on', ...this.#options.settings }
    const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
    const options = [`-p ${this.port} -h 127.0.0.1 -k ${join(this.folder, 'socket')}`, ...flags].join(' ')
    await this.#control(['-l', join(this.dataDir, 'server.log'), '-w', '-t', '30', '-o', options, 'start'], env)
  }

  async stop(mode: StopMode): Promise<void> {
    if (existsSync(join(this.dataDir, 'postmaster.pid'))) await this.#control(['-m', mode, '-w', '-t', '30', 'stop'])
  }

  /** What the cluster's own log says. */
  log(): string {
    return readFileSync(join(this.dataDir, 'server.log'), 'utf8')
  }

  async remove(): Promise<void> {
    // It may be dead already, which is what some tests are about: then there is nothing to stop.
    await this.stop('immediate').catch(() => undefined)
    for (const part of ['data', 'socket']) rmSync(join(this.folder, part), { recursive: true, force: true })
    if (this.#options.folder === undefined) rmSync(this.folder, { recursive: true, force: true })
  }

  async #control(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
    const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    await asOwner(['env', ...assignments, program('pg_ctl'), '-D', this.dataDir, ...words])
  }
}

/** PostgreSQL refuses to run as root. */
const OWNER = 'postgres'

async function asOwner(words: readonly string[]): Promise<void> {
  // Its output goes nowhere: the server would inherit a pipe and keep it open.
  const child = spawn('runuser', ['-u', OWNER, '--', ...words], { stdio: 'ignore', cwd: tmpdir() })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}`)
}

async function ownerIds(): Promise<[user: number, group: number]> {
  const id = async (flag: string): Promise<number> => Number((await run('id', [flag, OWNER])).stdout)
  return [await id('-u'), await id('-g')]
}

/** The newest installed version's program. */
function program(name: string): string {
  const root = '/usr/lib/postgresql'
  const version = readdirSync(root)
    .filter((entry) => existsSync(join(root, entry, 'bin', 'initdb')))
    .toSorted((a, b) => Number(b) - Number(a))[0]
  if (version === undefined) throw new Error(`no PostgreSQL server under ${root}`)
  return join(root, version, 'bin', name)
}
