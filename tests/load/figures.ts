/** One line of the report. */
export interface Figure {
  readonly what: string
  readonly ours: string
  /** What was promised, or empty. */
  readonly goal: string
}

/** The middle of the values; of several runs, so that one slow moment of the machine does not count. */
export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** @param percent 0 to 100 */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))]
  if (value === undefined) throw new Error('nothing was measured')
  return value
}

export function ms(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`
}

export function seconds(valueMs: number): string {
  return `${(valueMs / 1_000).toFixed(1)} s`
}

/** Runs something several times, one after the other. */
export async function repeat<Result>(
  times: number,
  once: (run: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (let run = 0; run < times; run++) results.push(await once(run))
  return results
}
