import * as Y from 'yjs'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { shrink, timeAlone, writeFind, type Meeting } from './finds.ts'
import type { Portion, Progress } from './fuzzWorker.ts'
import { newInput, newStage } from './hostileInputs.ts'
import { compactionHoles, tryInput, type Stage } from './tryInput.ts'

/** One document is used so long: long enough to hold dead structs and the senders' own ids. */
export const INPUTS_PER_STAGE = 150
/** How many of the slowest inputs are timed again. */
const SLOW_KEPT = 8

/** The slowest inputs so far, to be timed once more by themselves. */
export class Slowest {
  #slow: { readonly ms: number; readonly meeting: Meeting }[] = []

  note(ms: number, meeting: () => Meeting): void {
    if (this.#slow.length === SLOW_KEPT && ms <= (this.#slow.at(-1)?.ms ?? 0)) return
    this.#slow = [...this.#slow, { ms, meeting: meeting() }].toSorted((a, b) => b.ms - a.ms).slice(0, SLOW_KEPT)
  }

  worst(): number {
    return Math.max(0, ...this.#slow.map(({ meeting }) => timeAlone(meeting)))
  }
}

/**
 * One stage of hostile inputs. Every stage has a seed of its own, so that a run is the same with any number of workers.
 * @returns the path of a find, or null
 */
export function hostileStage(
  { seed, stage: index, inputs, folder }: Portion,
  progress: Progress,
  slowest: Slowest,
): string | null {
  const random = seededRandom(seed * 1_000_003 + index)
  const stage = newStage(random)
  for (let i = 0; i < inputs; i++) {
    const input = newInput(random, stage)
    const before = meetingOf(stage)
    const { verdict, holes, ms } = tryInput(stage, input)
    progress.count(verdict, ms)
    slowest.note(ms, () => ({ ...before(), input }))
    const last = i === inputs - 1 || (verdict === 'in' && stage.tail.length % 16 === 0)
    const all = last && holes.length === 0 ? compactionHoles(stage) : holes
    if (all.length > 0) {
      const why = all.join('; ')
      return `${why}: ${writeFind(folder, `find-${seed}-${index}-${i}`, why, shrink({ ...before(), input }))}`
    }
  }
  return null
}

/** The document as it is now, kept as bytes that are only made when they are needed. */
function meetingOf({ base, tail, owners }: Stage): () => Omit<Meeting, 'input'> {
  const length = tail.length
  const known = [...owners]
  return () => ({ document: Y.mergeUpdates([base, ...tail.slice(0, length)]), owners: known })
}
