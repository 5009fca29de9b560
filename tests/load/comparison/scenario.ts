import type { MeasuredServer, StartOptions, World } from './measuredServer.ts'
import { cpuSeconds, sleep } from './probe.ts'
import { SyncClient } from './syncClient.ts'
import { startTarget, type TargetName } from './targets.ts'

/** What one run of one target measured; null where there is nothing to measure, or nothing came. */
export type Measured = Readonly<Record<string, number | null>>

export type Run = (target: TargetName, options: StartOptions) => Promise<Measured>

/** The middle of a target's runs; null when most of them have nothing. */
export type Middle = (target: TargetName, key: string) => number | null

/** One line of the table. */
export interface Line {
  readonly what: string
  /** The key in `Measured`. */
  readonly key: string
  readonly show: (value: number) => string
  /** Goals for ours over theirs. */
  readonly goals?: Partial<Readonly<Record<Exclude<TargetName, 'ours'>, number>>>
  readonly moreIsBetter?: boolean
  /** The most that ours may be, from what was measured. */
  readonly limit?: { readonly rule: string; readonly of: (middle: Middle) => number | null }
  /** A goal for ours alone. */
  readonly guard?: { readonly text: string; readonly holds: (ours: number) => boolean }
}

export interface Scenario {
  readonly title: string
  readonly targets: readonly TargetName[]
  readonly run: Run
  readonly lines: readonly Line[]
}

/** The longest run takes half a minute on a busy machine; what hangs is not waited for. */
const RUN_LIMIT_MS = 180_000
/** Those on their way up too. */
const running = new Set<Promise<MeasuredServer>>()

/** Ends every server that runs and removes what it kept: for who breaks a measurement off. */
export async function removeAll(): Promise<void> {
  await Promise.allSettled([...running].map(async (starting) => await (await starting).remove()))
}

/** Starts a target on a world of its own, measures and removes everything again. */
export async function on(
  target: TargetName,
  world: World,
  options: StartOptions,
  measure: (server: MeasuredServer) => Promise<Measured>,
): Promise<Measured> {
  const starting = startTarget(target, world, options)
  running.add(starting)
  const { promise: overdue, reject } = Promise.withResolvers<never>()
  const limit = setTimeout(() => reject(new Error(`not done after ${RUN_LIMIT_MS / 1_000} s`)), RUN_LIMIT_MS)
  try {
    return await Promise.race([measure(await starting), overdue])
  } finally {
    clearTimeout(limit)
    await (await starting).remove()
    running.delete(starting)
  }
}

const SERVED_POLL_MS = 100
const SERVED_POLLS_LIMIT = 200

/**
 * Opens the document's first client and puts the state into it, where the server does not have it by itself; resolves
 * once the server hands out the whole of it.
 * @returns the first client, which keeps the document in a peer's memory
 */
export async function filled(
  server: MeasuredServer,
  document: number,
  stateBytes: number,
  person = 0,
): Promise<SyncClient> {
  const first = await new SyncClient(server.address(document, person)).ready
  server.fill(document, first)
  for (let poll = 0; poll < SERVED_POLLS_LIMIT; poll++) {
    const looking = await new SyncClient(server.address(document, person)).ready
    looking.close()
    // Two encoders of one state differ by some bytes.
    if (looking.documentBytes > stateBytes * 0.9) return first
    await sleep(SERVED_POLL_MS)
  }
  throw new Error(`document ${document} does not come up`)
}

const QUIET_WINDOW_MS = 400
const QUIET_CORES = 0.05
const QUIET_WINDOWS_LIMIT = 75

/** Resolves once a process does next to nothing. */
export async function untilQuiet(pid: number): Promise<void> {
  for (let window = 0; window < QUIET_WINDOWS_LIMIT; window++) {
    const before = cpuSeconds(pid)
    await sleep(QUIET_WINDOW_MS)
    if (cpuSeconds(pid) - before < (QUIET_CORES * QUIET_WINDOW_MS) / 1_000) return
  }
}

export const us = (value: number): string => `${value.toFixed(1)} µs`
export const msOf = (value: number): string => (value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`)
export const mb = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} MB`
export const count = (value: number): string => Math.round(value).toLocaleString('en')
export const percent = (value: number): string => `${Math.min(100, Math.round(value))} %`
export const cores = (value: number): string => value.toFixed(2)
