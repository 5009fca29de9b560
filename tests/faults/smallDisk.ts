import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PIECE = Buffer.alloc(65_536, 1)

/** A file system in memory that can be filled to the last byte. */
export class SmallDisk {
  readonly folder: string

  constructor(sizeMiB: number) {
    this.folder = mkdtempSync(join(tmpdir(), 'dongbo-small-disk-'))
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=755`, 'tmpfs', this.folder])
    } catch (error) {
      rmSync(this.folder, { recursive: true, force: true })
      throw error
    }
  }

  get #ballast(): string {
    return join(this.folder, 'ballast')
  }

  /** Nothing more can be written from here on. */
  fill(): void {
    const file = openSync(this.#ballast, 'a')
    try {
      for (let size = PIECE.length; size > 0;) {
        try {
          if (writeSync(file, PIECE, 0, size) < size) size = Math.floor(size / 2)
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
          size = Math.floor(size / 2)
        }
      }
    } finally {
      closeSync(file)
    }
  }

  free(): void {
    rmSync(this.#ballast, { force: true })
  }

  remove(): void {
    // Lazily: a process that was killed a moment ago may still hold a file of it.
    execFileSync('umount', ['-l', this.folder])
    rmSync(this.folder, { recursive: true, force: true })
  }
}
