import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sleep } from './probe.ts'
import type { Address, SyncClient } from './syncClient.ts'

/** What stands on a server before it is measured. */
export interface World {
  /** Each is somebody of his own, signed in where the server asks for that. */
  readonly people: number
  readonly documents: number
  /** What each document holds. */
  readonly state: Uint8Array
  /** Whether it has to survive the process; ours always does. */
  readonly stored?: boolean
}

/** A server in a process of its own. */
export interface MeasuredServer {
  /** Of the process as it runs now. */
  readonly pid: number
  /** The PostgreSQL processes that serve it, as far as they are on this machine. */
  storePids(): Promise<readonly number[]>
  address(document: number, person: number): Address
  /** Puts what a document holds into it through its first client, where it does not stand there already. */
  fill(document: number, first: SyncClient): void
  /** Resident and used memory in bytes, after garbage was collected. */
  memory(): Promise<{ readonly rss: number; readonly used: number }>
  kill(): Promise<void>
  restart(): Promise<void>
  /** Ends the process and removes what it kept. */
  remove(): Promise<void>
}

export interface StartOptions {
  /** Where a processor profile of the run goes, or null. */
  readonly profileDir: string | null
}

const MEMORY_REPORTER = join(import.meta.dirname, 'reportMemory.ts')
/** Forty documents of a megabyte live in every peer's memory at once. */
const HEAP_LIMIT_MB = 12_000

/** What every server runs with alike, besides what is its own. */
export function environment(memoryFile: string, { profileDir }: StartOptions): Readonly<Record<string, string>> {
  const profile = profileDir === null ? '' : ` --cpu-prof --cpu-prof-dir=${profileDir}`
  return {
    NODE_ENV: 'production',
    NODE_OPTIONS: `--expose-gc --max-old-space-size=${HEAP_LIMIT_MB} --import=${MEMORY_REPORTER}${profile}`,
    MEMORY_FILE: memoryFile,
  }
}

const MEMORY_POLL_MS = 20
const MEMORY_POLLS_LIMIT = 1_500

/** Asks a process that has loaded `reportMemory.ts`. */
export async function askMemory(pid: number, file: string): Promise<{ rss: number; used: number }> {
  rmSync(file, { force: true })
  process.kill(pid, 'SIGUSR2')
  for (let poll = 0; poll < MEMORY_POLLS_LIMIT; poll++) {
    await sleep(MEMORY_POLL_MS)
    try {
      const usage = JSON.parse(readFileSync(file, 'utf8')) as NodeJS.MemoryUsage
      return { rss: usage.rss, used: usage.heapUsed + usage.external }
    } catch {
      // Not written yet.
    }
  }
  throw new Error('the server does not say how much memory it uses')
}
