import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { startTicks, thisProcess, type ProcessIdentity } from './processIdentity.ts'

/** Who holds a data folder. */
export type Holder = ProcessIdentity

/** Another live process works on the folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
  readonly holder: Holder
  constructor(folder: string, holder: Holder) {
    super(`the data folder ${folder} is in use by process ${holder.pid}`)
    this.holder = holder
  }
}

export const BEAT_EVERY_MS = 5_000
/** A holder in another container or on another machine that was silent for so long is dead. */
const SILENCE_LIMIT_MS = 30_000

/** The exclusive right to a folder. */
export interface FolderLock {
  readonly folder: string
  /** Shows that the holder lives, to those who cannot see its process. Call it every `BEAT_EVERY_MS`. */
  beat(): void
  /** Gives the right back. */
  release(): void
}

const LOCK_FILE = /^lock\.(\d+)$/
/** Contenders that keep overtaking each other give up; two or three rounds are the most ever needed. */
const ROUNDS = 50

/**
 * Takes the exclusive right to a folder.
 *
 * PGlite has no lock of its own: two processes on one folder lose acknowledged rows. The right belongs to the live
 * holder of the highest `lock.<n>`. A new file appears whole (`link`) and only under the next free number; a lower one is
 * removed only when a higher one stands; so the highest number never falls, and whoever finds a higher one than his own
 * steps back. That makes taking over from a dead holder safe against others doing the same at this moment.
 *
 * Throws `FolderInUse`, or the file system's error when the folder cannot be written.
 */
export function lockFolder(folder: string, me: ProcessIdentity = thisProcess()): FolderLock {
  makeFolder(folder)
  for (let round = 0; round < ROUNDS; round++) {
    const highest = highestLock(folder)
    if (highest > 0) {
      const holder = readHolder(folder, highest)
      if (holder === 'gone') continue
      if (holder !== null && isAlive(holder, me, folder, highest)) throw new FolderInUse(folder, holder)
    }
    const mine = highest + 1
    if (!createWhole(folder, mine, JSON.stringify(me))) continue
    if (highestLock(folder) !== mine) {
      rmSync(lockPath(folder, mine), { force: true })
      continue
    }
    removeBelow(folder, mine)
    return { folder, beat: () => touch(lockPath(folder, mine)), release: () => giveBack(folder, mine) }
  }
  throw new Error(`the data folder ${folder} could not be locked: too many processes start on it at once`)
}

/** Not `recursive`: under /proc and the like Node's own loop never ends. */
function makeFolder(folder: string): void {
  const parent = dirname(folder)
  if (parent !== folder && !existsSync(parent)) makeFolder(parent)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !statSync(folder).isDirectory()) throw error
  }
}

function lockPath(folder: string, number: number): string {
  return join(folder, `lock.${number}`)
}

/** By chance, not by process number: in two containers both may be process 1. */
function draftPath(folder: string): string {
  return join(folder, `lock-draft.${randomBytes(8).toString('hex')}`)
}

function lockNumbers(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => {
    const match = LOCK_FILE.exec(name)
    return match === null ? [] : [Number(match[1])]
  })
}

function highestLock(folder: string): number {
  return Math.max(0, ...lockNumbers(folder))
}

/** Null: given back, or unreadable, which only a foreign hand can cause, because lock files appear whole. */
function readHolder(folder: string, number: number): Holder | null | 'gone' {
  let text: string
  try {
    text = readFileSync(lockPath(folder, number), 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'gone'
    throw error
  }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number') return null
    const field = (name: string): string | null => {
      const content: unknown = Object.getOwnPropertyDescriptor(value, name)?.value
      return typeof content === 'string' ? content : null
    }
    return {
      pid: value.pid,
      bootId: field('bootId'),
      machineId: field('machineId'),
      pidNamespace: field('pidNamespace'),
      startTicks: field('startTicks'),
    }
  } catch {
    // Not JSON, so not written by us: nobody holds it.
    return null
  }
}

/** Doubt counts as alive: a live holder is never robbed, at worst a person removes the file named in the message. */
function isAlive(holder: Holder, me: ProcessIdentity, folder: string, number: number): boolean {
  if (holder.bootId !== me.bootId) {
    // This machine has started anew since, and nothing lives through that. Or it is another machine, with a shared folder.
    const isSameMachine = holder.machineId !== null && holder.machineId === me.machineId
    return !isSameMachine && hasBeaten(folder, number)
  }
  if (holder.pidNamespace !== null && holder.pidNamespace !== me.pidNamespace) return hasBeaten(folder, number)
  if (holder.startTicks !== null && me.bootId !== null) return startTicks(holder.pid) === holder.startTicks
  try {
    process.kill(holder.pid, 0)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

/** By the folder's own clock, that of the file system: the holder may live on another machine's. */
function hasBeaten(folder: string, number: number): boolean {
  const draft = draftPath(folder)
  writeFileSync(draft, '', { mode: 0o600 })
  const now = statSync(draft).mtimeMs
  rmSync(draft, { force: true })
  // Gone in the meantime: somebody has taken over, and a higher number stands.
  const lock = statSync(lockPath(folder, number), { throwIfNoEntry: false })
  return lock !== undefined && now - lock.mtimeMs < SILENCE_LIMIT_MS
}

function touch(path: string): void {
  const handle = openSync(path, 'r+')
  try {
    // The same bytes again: that is what makes the file system write its own time.
    writeSync(handle, readFileSync(path), 0)
  } finally {
    closeSync(handle)
  }
}

function createWhole(folder: string, number: number, content: string): boolean {
  const draft = draftPath(folder)
  writeFileSync(draft, content, { mode: 0o600 })
  try {
    linkSync(draft, lockPath(folder, number))
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** The file stays, marked as free: its number must not be given out again while somebody may still act on an old look. */
function giveBack(folder: string, number: number): void {
  const draft = draftPath(folder)
  writeFileSync(draft, JSON.stringify({ free: true }), { mode: 0o600 })
  renameSync(draft, lockPath(folder, number))
}

function removeBelow(folder: string, number: number): void {
  for (const old of lockNumbers(folder)) if (old < number) rmSync(lockPath(folder, old), { force: true })
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
