import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@dongbo/testkit/serverProcess.ts'

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
    for (const part of ['data', 'socket']) {
      mkdirSync(join(folder, part), { mode: 0o700 })
      chownSync(join(folder, part), ...ownerIds())
    }
    // Without `--no-sync` it would wait for a real disk three times; the data is made anew for each run.
    asOwner([program('initdb'), '-D', cluster.dataDir, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync'])
    cluster.startAgain()
    return cluster
  }

  get dataDir(): string {
    return join(this.folder, 'data')
  }

  /** The address of a fresh, empty database. `port`: of a proxy in front of the cluster. */
  createDatabase(port: number = this.port): string {
    const name = `dongbo_${this.#databases++}`
    this.sql('postgres', `create database ${name}`)
    return `postgres://postgres@127.0.0.1:${port}/${name}`
  }

  /** Runs one statement as the superuser, past everything that stands between the server and its database. */
  sql(database: string, statement: string): string {
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
    return execFileSync(program('psql'), words, { encoding: 'utf8' }).trim()
  }

  startAgain(env: Readonly<Record<string, string>> = this.#options.env ?? {}): void {
    const settings = { fsync: 'on', ...this.#options.settings }
    const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
    const options = [`-p ${this.port} -h 127.0.0.1 -k ${join(this.folder, 'socket')}`, ...flags].join(' ')
    this.#control(['-l', join(this.dataDir, 'server.log'), '-w', '-t', '30', '-o', options, 'start'], env)
  }

  stop(mode: StopMode): void {
    if (existsSync(join(this.dataDir, 'postmaster.pid'))) this.#control(['-m', mode, '-w', '-t', '30', 'stop'])
  }

  /** What the cluster's own log says. */
  log(): string {
    return readFileSync(join(this.dataDir, 'server.log'), 'utf8')
  }

  remove(): void {
    // It may be dead already, which is what some tests are about: then there is nothing to stop.
    spawnSync('runuser', ownerWords([program('pg_ctl'), '-D', this.dataDir, '-m', 'immediate', '-w', 'stop']))
    for (const part of ['data', 'socket']) rmSync(join(this.folder, part), { recursive: true, force: true })
    if (this.#options.folder === undefined) rmSync(this.folder, { recursive: true, force: true })
  }

  #control(words: readonly string[], env: Readonly<Record<string, string>> = {}): void {
    const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    asOwner(['env', ...assignments, program('pg_ctl'), '-D', this.dataDir, ...words])
  }
}

/** PostgreSQL refuses to run as root. */
const OWNER = 'postgres'

function ownerWords(words: readonly string[]): string[] {
  return ['-u', OWNER, '--', ...words]
}

function asOwner(words: readonly string[]): void {
  // Its output goes nowhere: the server would inherit a pipe and keep it open.
  const ran = spawnSync('runuser', ownerWords(words), { stdio: ['ignore', 'ignore', 'ignore'], cwd: tmpdir() })
  if (ran.status !== 0) throw new Error(`${words.join(' ')} ended with ${ran.status ?? ran.signal}`)
}

function ownerIds(): [user: number, group: number] {
  const id = (flag: string): number => Number(execFileSync('id', [flag, OWNER], { encoding: 'utf8' }))
  return [id('-u'), id('-g')]
}

/** The newest installed version's program. */
export function program(name: string): string {
  const root = '/usr/lib/postgresql'
  const version = readdirSync(root)
    .filter((entry) => existsSync(join(root, entry, 'bin', 'initdb')))
    .toSorted((a, b) => Number(b) - Number(a))[0]
  if (version === undefined) throw new Error(`no PostgreSQL server under ${root}`)
  return join(root, version, 'bin', name)
}
