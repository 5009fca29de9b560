import { readdirSync, readFileSync } from 'node:fs'
import { percentile } from '../figures.ts'

/** Seconds of processor that the threads of a process have had, as the scheduler counts them. */
export function cpuSeconds(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0])
    } catch {
      // A thread that ended meanwhile: helpers of the engine come and go.
    }
  }
  return nanoseconds / 1e9
}

export function rssMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1_024
}

/** A server whose processes are known. */
export interface Probed {
  readonly pid: number
  storePids(): Promise<readonly number[]>
}

export interface Spent {
  readonly seconds: number
  readonly cpuSeconds: number
  /** Of one processor. */
  readonly cores: number
  /** Of one processor, by the server's connections in PostgreSQL; null where it has none on this machine. */
  readonly storeCores: number | null
  /** How busy this process was: near 1 its clients, not the server, decide the latencies. */
  readonly generatorBusy: number
  /** The window on the system's monotonic clock, in microseconds, as processor profiles count. */
  readonly fromUs: number
  readonly untilUs: number
}

/** What a server spends between two moments. */
export class Probe {
  readonly #pid: number
  readonly #storePids: readonly number[]
  readonly #cpu: number
  readonly #storeCpu: number
  readonly #at = performance.now()
  readonly #fromUs = monotonicUs()
  readonly #loop = performance.eventLoopUtilization()

  private constructor(pid: number, storePids: readonly number[]) {
    this.#pid = pid
    this.#storePids = storePids
    this.#cpu = cpuSeconds(pid)
    this.#storeCpu = secondsOf(storePids)
  }

  static async start(server: Probed): Promise<Probe> {
    return new Probe(server.pid, await server.storePids())
  }

  end(): Spent {
    const seconds = (performance.now() - this.#at) / 1_000
    const cpu = cpuSeconds(this.#pid) - this.#cpu
    const store = secondsOf(this.#storePids) - this.#storeCpu
    const generatorBusy = performance.eventLoopUtilization(this.#loop).utilization
    return {
      seconds,
      cpuSeconds: cpu,
      cores: cpu / seconds,
      storeCores: this.#storePids.length === 0 ? null : store / seconds,
      generatorBusy,
      fromUs: this.#fromUs,
      untilUs: monotonicUs(),
    }
  }
}

function secondsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0)
}

function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1_000n)
}

/** A percentile, or null when nothing came: a server that collapses delivers nothing. */
export function percentileOrNull(values: readonly number[], percent: number): number | null {
  return values.length === 0 ? null : percentile(values, percent)
}

export function sleep(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, forMs)))
}
