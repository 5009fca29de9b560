import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('./faultyDisk.c', import.meta.url))

export type DiskMood = 'ok' | 'eio' | `slow ${number}`

/** A disk that lies to one process: the C library's `fsync` and `fdatasync` fail or take long while it is told to. */
export class FaultyDisk {
  /** For the process that is to be lied to. */
  readonly env: Readonly<Record<string, string>>
  readonly #folder: string

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'dongbo-disk-'))
    // The database runs as another user.
    chmodSync(this.#folder, 0o777)
    const library = join(this.#folder, 'faultyDisk.so')
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl'])
    this.env = { LD_PRELOAD: library, FAULTY_DISK: this.#mood, FAULTY_DISK_CALLS: this.#calls }
    writeFileSync(this.#calls, '')
    chmodSync(this.#calls, 0o666)
    this.become('ok')
  }

  get #mood(): string {
    return join(this.#folder, 'mood')
  }

  get #calls(): string {
    return join(this.#folder, 'calls')
  }

  become(mood: DiskMood): void {
    writeFileSync(`${this.#mood}.next`, mood)
    renameSync(`${this.#mood}.next`, this.#mood)
  }

  /** Syncs so far: those that were done, and those that failed. */
  get syncs(): { readonly done: number; readonly failed: number } {
    const calls = readFileSync(this.#calls, 'utf8')
    const failed = calls.replaceAll('s', '').length
    return { done: calls.length - failed, failed }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
