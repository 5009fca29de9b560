import { hostileStage, INPUTS_PER_STAGE, Slowest } from './hostileRun.ts'
import { honestStage } from './honestRun.ts'

/** What a worker has to do: every so many-th stage of a run. */
export interface Order {
  readonly kind: 'hostile' | 'honest'
  readonly seed: number
  readonly inputs: number
  readonly worker: number
  readonly workers: number
  /** Stops before a stage that would begin later. */
  readonly seconds: number
  /** Where finds are written. */
  readonly folder: string
}

/** One stage of an order. */
export interface Portion {
  readonly seed: number
  readonly stage: number
  readonly inputs: number
  readonly folder: string
}

export class Progress {
  readonly counts: Record<string, number> = {}
  inputs = 0
  longestMs = 0

  count(verdict: string, ms: number): void {
    this.inputs++
    this.longestMs = Math.max(this.longestMs, ms)
    this.counts[verdict] = (this.counts[verdict] ?? 0) + 1
  }
}

/** What a worker reports when it is done. */
export interface Report {
  readonly inputs: number
  readonly counts: Readonly<Record<string, number>>
  /** The slowest hostile inputs timed again by themselves; of honest ones the longest as it happened. */
  readonly worstMs: number
  /** Growth of the memory since the engine was warm, for each 100,000 inputs. */
  readonly growthMb: number
  readonly find: string | null
}

/** So often a worker says how far it is: a run of a million takes a while. */
const TELL_EVERY = 100_000
/** Inputs until the engine has compiled what it will and its heap has its size. */
const WARM_INPUTS = 20_000
const MB = 2 ** 20

function work(order: Order): Report {
  const progress = new Progress()
  const slowest = new Slowest()
  const started = performance.now()
  let warm: { readonly rss: number; readonly inputs: number } | null = null
  let find: string | null = null
  const stages = Math.ceil(order.inputs / INPUTS_PER_STAGE)
  for (let stage = order.worker; stage < stages && find === null; stage += order.workers) {
    if (performance.now() - started > order.seconds * 1_000) break
    const inputs = Math.min(INPUTS_PER_STAGE, order.inputs - stage * INPUTS_PER_STAGE)
    const portion: Portion = { seed: order.seed, stage, inputs, folder: order.folder }
    find = order.kind === 'hostile' ? hostileStage(portion, progress, slowest) : honestStage(portion, progress)
    if (Math.floor(progress.inputs / TELL_EVERY) > Math.floor((progress.inputs - inputs) / TELL_EVERY)) {
      process.stderr.write(`worker ${order.worker}: ${progress.inputs} ${order.kind} inputs\n`)
    }
    if (warm === null && progress.inputs >= WARM_INPUTS) warm = { rss: memory(), inputs: progress.inputs }
  }
  const since = progress.inputs - (warm?.inputs ?? progress.inputs)
  const growthMb = warm === null || since < WARM_INPUTS ? 0 : ((memory() - warm.rss) / MB / since) * 100_000
  const worstMs = order.kind === 'hostile' ? slowest.worst() : progress.longestMs
  return { inputs: progress.inputs, counts: progress.counts, worstMs, growthMb, find }
}

function memory(): number {
  globalThis.gc?.()
  return process.memoryUsage().rss
}

process.once('message', (order: Order) => {
  process.send?.(work(order))
  process.disconnect()
})
