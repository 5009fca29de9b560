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

export interface Spent {
  readonly seconds: number
  readonly cpuSeconds: number
  /** Of one processor. */
  readonly cores: number
  /** How busy this process was: near 1 its clients, not the server, decide the latencies. */
  readonly generatorBusy: number
}

/** What a process spends between two moments. */
export class Probe {
  readonly #pid: number
  readonly #cpu: number
  readonly #at = performance.now()
  readonly #loop = performance.eventLoopUtilization()

  constructor(pid: number) {
    this.#pid = pid
    this.#cpu = cpuSeconds(pid)
  }

  end(): Spent {
    const seconds = (performance.now() - this.#at) / 1_000
    const cpu = cpuSeconds(this.#pid) - this.#cpu
    const generatorBusy = performance.eventLoopUtilization(this.#loop).utilization
    return { seconds, cpuSeconds: cpu, cores: cpu / seconds, generatorBusy }
  }
}

/** A percentile, or null when nothing came: a server that collapses delivers nothing. */
export function percentileOrNull(values: readonly number[], percent: number): number | null {
  return values.length === 0 ? null : percentile(values, percent)
}

export function sleep(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, forMs)))
}
