import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../apps/server/src/main.ts', import.meta.url))
const READY = /is ready: (http\S+)/
/** The slowest start ever seen, after a kill on two busy cores, took 13 s. */
const START_LIMIT_MS = 60_000

/** What a developer's shell may say to a server of his own, left out: a test's server hears its test only. */
export const UNSAID: Readonly<Record<string, string>> = {
  HOST: '',
  DATABASE_URL: '',
  REDIS_URL: '',
  PUBLIC_URL: '',
  TRUSTED_PROXIES: '',
  DONGBO_DEMO: '',
  DONGBO_NOW: '',
  METRICS_TOKEN: '',
  SESSION_IDLE_MINUTES: '',
  LOG_LEVEL: '',
}

export interface ServerOptions {
  /** A PostgreSQL database to use instead of the embedded one. */
  readonly databaseUrl?: string
  readonly env?: Readonly<Record<string, string>>
}

/** The real server as a process of its own, with the demo plan, on a port and a data folder that survive its death. */
export class ServerProcess {
  readonly url: string
  readonly #port: number
  readonly #dataDir: string
  readonly #options: ServerOptions
  #child: ChildProcess | null = null
  #output: string[] = []

  private constructor(port: number, dataDir: string, options: ServerOptions) {
    this.#port = port
    this.url = `http://127.0.0.1:${port}`
    this.#dataDir = dataDir
    this.#options = options
  }

  /** Starts a server on an empty data folder and waits until it answers. */
  static async start(options: ServerOptions = {}): Promise<ServerProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), 'dongbo-test-'))
    const server = new ServerProcess(await freePort(), dataDir, options)
    try {
      await server.restart()
      return server
    } catch (error) {
      await server.remove()
      throw error
    }
  }

  /** Everything that the present process has printed. */
  get output(): string {
    return this.#output.join('\n')
  }

  /** The number of the present process. */
  get pid(): number {
    const pid = this.#child?.pid
    if (pid === undefined) throw new Error('the server does not run')
    return pid
  }

  get dataDir(): string {
    return this.#dataDir
  }

  /** Starts the process again, on the same data. Resolves once it says that it is ready; ends it when it never does. */
  async restart(): Promise<void> {
    const { databaseUrl, env } = this.#options
    const child = spawn(process.execPath, [MAIN], {
      env: {
        ...process.env,
        ...UNSAID,
        PORT: String(this.#port),
        HOST: '127.0.0.1',
        DATA_DIR: this.#dataDir,
        DONGBO_DEMO: '1',
        ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#output = []
    const keep = (line: string): void => {
      this.#output.push(line)
    }
    createInterface({ input: child.stderr }).on('line', keep)
    const limit = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS)
    try {
      await new Promise<void>((resolve, reject) => {
        createInterface({ input: child.stdout }).on('line', (line) => {
          keep(line)
          if (READY.test(line)) resolve()
        })
        child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${this.output}`)))
      })
    } finally {
      clearTimeout(limit)
    }
  }

  get isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Resolves with the exit code once the process has ended by itself; null when a signal ended it. */
  async ended(): Promise<number | null> {
    const child = this.#child
    if (child === null || !this.isRunning) return child?.exitCode ?? null
    const [code] = (await once(child, 'exit')) as [number | null]
    return code
  }

  /** Ends the process and waits for its end. `SIGKILL`: without a word, as a power cut of the process. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
    const ended = this.ended()
    this.#child?.kill(signal)
    return await ended
  }

  /** Ends the process and removes its data. */
  async remove(): Promise<void> {
    await this.kill()
    await rm(this.#dataDir, { recursive: true, force: true })
  }
}

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
