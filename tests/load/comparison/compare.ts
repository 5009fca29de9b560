import { appendFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installPeers } from './peerServer.ts'
import { newestProfile, profileShares } from './profileShares.ts'
import { cursors } from './scenarios/cursors.ts'
import { durability } from './scenarios/durability.ts'
import { fanOut200, fanOut500 } from './scenarios/fanOut.ts'
import { memory } from './scenarios/memory.ts'
import { opening } from './scenarios/opening.ts'
import { manyRooms } from './scenarios/rooms.ts'
import { slowReaders } from './scenarios/slowReaders.ts'
import { removeAll, type Measured, type Scenario } from './scenario.ts'
import { tableOf } from './table.ts'
import { TARGETS, type TargetName } from './targets.ts'

export const SCENARIOS = {
  fanout200: fanOut200,
  fanout500: fanOut500,
  rooms: manyRooms,
  open: opening,
  memory,
  awareness: cursors,
  durability,
  slow: slowReaders,
} as const satisfies Readonly<Record<string, Scenario>>
export type ScenarioName = keyof typeof SCENARIOS
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as readonly ScenarioName[]

export interface Wanted {
  readonly scenarios: readonly ScenarioName[]
  readonly targets: readonly TargetName[]
  readonly runs: number
  /** A folder for processor profiles, or null. */
  readonly profileDir: string | null
}

export const EVERYTHING: Omit<Wanted, 'runs'> = { scenarios: SCENARIO_NAMES, targets: TARGETS, profileDir: null }

/**
 * Measures servers in turn, A B C A B C, so that the machine's moods meet all alike.
 * @returns the tables in Markdown, one section a scenario
 */
export async function compare(wanted: Wanted): Promise<string> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void breakOff())
  if (wanted.targets.some((target) => target !== 'ours')) installPeers()
  if (wanted.profileDir !== null) mkdirSync(wanted.profileDir, { recursive: true })
  const raw = join(tmpdir(), `dongbo-bench-${new Date().toISOString().replaceAll(':', '')}.jsonl`)
  console.log(`every run is in ${raw}`)
  const sections: string[] = []
  for (const name of wanted.scenarios) {
    const scenario: Scenario = SCENARIOS[name]
    const results = new Map<TargetName, Measured[]>()
    for (let run = 0; run < wanted.runs; run++) {
      for (const target of scenario.targets.filter((one) => wanted.targets.includes(one))) {
        const measured = await attempt(scenario, target, wanted)
        appendFileSync(raw, `${JSON.stringify({ scenario: name, target, run, ...measured })}\n`)
        console.log(`  ${name} ${target} ${run + 1}: ${inShort(measured)}`)
        if (target === 'ours' && wanted.profileDir !== null) sayShares(wanted.profileDir, measured)
        if (measured !== null) results.set(target, [...(results.get(target) ?? []), measured])
      }
    }
    const table = tableOf(scenario, results)
    console.log(`\n${scenario.title}\n\n${table}\n`)
    sections.push(`### ${scenario.title}\n\n${table}`)
  }
  return sections.join('\n\n')
}

/** Who is told to stop leaves no server and no database behind. */
async function breakOff(): Promise<void> {
  await removeAll()
  process.exit(1)
}

/** A target that fails in one run does not take the others' figures with it; it is said, and its column shows it. */
async function attempt(scenario: Scenario, target: TargetName, wanted: Wanted): Promise<Measured | null> {
  try {
    return await scenario.run(target, { profileDir: wanted.profileDir })
  } catch (error) {
    if (target === 'ours') throw error
    console.error(`  ${target} failed: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}

function sayShares(profileDir: string, measured: Measured | null): void {
  const { fromUs, untilUs } = measured ?? {}
  if (typeof fromUs !== 'number' || typeof untilUs !== 'number') return
  for (const [part, share] of profileShares(newestProfile(profileDir), fromUs, untilUs))
    console.log(`${share.toFixed(1).padStart(8)} %  ${part}`)
}

function inShort(measured: Measured | null): string {
  return Object.entries(measured ?? {})
    .filter(([key]) => !key.endsWith('Us'))
    .map(([key, value]) => `${key} ${value === null ? '–' : Number(value.toPrecision(4))}`)
    .join(', ')
}
