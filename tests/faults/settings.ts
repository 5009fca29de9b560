/** What `pnpm faults` was asked for, or what CI runs. */

const environment = process.env

/** Every random choice of a run follows from it; each row prints it. */
export const SEED = Number(environment['FAULTS_SEED'] ?? 23)

/** How often a fault is injected: the number for CI, or what `--cycles` says. */
export function cycles(inCi: number): number {
  return Number(environment['FAULTS_CYCLES'] ?? inCi)
}

/** Prints what a row has shown, with the seed that shows it again. */
export function report(row: string, figures: Readonly<Record<string, string | number>>): void {
  const parts = Object.entries(figures).map(([name, value]) => `${value} ${name}`)
  console.log(`  ${row}: ${parts.join(', ')} (seed ${SEED})`)
}

/** Seconds since `startedMs` of `performance.now()`, with one digit. */
export function secondsSince(startedMs: number): string {
  return ((performance.now() - startedMs) / 1_000).toFixed(1)
}
