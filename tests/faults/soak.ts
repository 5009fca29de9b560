// `pnpm soak --minutes N`: people come, work and go, in rooms that open and close, for so long; then nothing of it may be left.
import { parseArgs } from 'node:util'
import { seededRandom } from '@dongbo/kernel/random.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { DEMO_MATRIX, isSaved, until } from '@dongbo/testkit/liveTab.ts'
import { desks } from './marks.ts'
import { onPostgres, type Place } from './place.ts'
import { addPlans } from './plans.ts'
import { openFiles, residentMiB } from './process.ts'
import type { Typist } from './typist.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    people: { type: 'string', default: '60' },
    rooms: { type: 'string', default: '40' },
    seed: { type: 'string', default: '23' },
  },
})
const MINUTES = Number(values.minutes)
const PEOPLE = Number(values.people)
const ROOMS = Number(values.rooms)
const SEED = Number(values.seed)
if (![MINUTES, PEOPLE, ROOMS, SEED].every((number) => Number.isFinite(number) && number > 0)) {
  console.error('Usage: pnpm soak [--minutes N] [--people N] [--rooms N] [--seed N]')
  process.exit(2)
}

const SAMPLES = 20
/** Memory settles before it can be told whether it grows. */
const WARM_UP_SHARE = 1 / 3
/** A slope over less than this is the collector's mood. */
const SLOPE_FROM_MINUTES = 20
const SLOPE_LIMIT_MIB_PER_HOUR = 1
/** Empty rooms are put away within seconds. */
const EMPTY_LIMIT_MS = 30_000
const SPARE_FILES = 10

interface Sample {
  readonly hours: number
  readonly residentMiB: number
  readonly files: number
  readonly sockets: number
  readonly rooms: number
}

async function figure(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  if (line === undefined) throw new Error(`no figure ${name}`)
  return Number(line.slice(name.length + 1))
}

async function sample({ server }: Place, startedMs: number): Promise<Sample> {
  const taken: Sample = {
    hours: (performance.now() - startedMs) / 3_600_000,
    residentMiB: residentMiB(server.pid),
    files: openFiles(server.pid),
    sockets: await figure(server.url, 'dongbo_sockets'),
    rooms: await figure(server.url, 'dongbo_rooms'),
  }
  const { hours, files, sockets, rooms } = taken
  console.log(
    `${(hours * 60).toFixed(1)} min: ${taken.residentMiB.toFixed(1)} MiB, ${files} files, ${sockets} sockets, ${rooms} rooms`,
  )
  return taken
}

/** MiB an hour, by least squares. */
function slope(samples: readonly Sample[]): number {
  const mean = (of: (one: Sample) => number): number => samples.reduce((sum, one) => sum + of(one), 0) / samples.length
  const hours = mean((one) => one.hours)
  const memory = mean((one) => one.residentMiB)
  const spread = mean((one) => (one.hours - hours) ** 2)
  return mean((one) => (one.hours - hours) * (one.residentMiB - memory)) / spread
}

/** Somebody comes into a room, or works, or goes. */
async function oneAct(place: Place, seated: Typist[], documents: readonly DocumentName[]): Promise<void> {
  const people = desks()
  const desk = people[random.below(people.length)]
  const document = documents[random.below(documents.length)]
  if (desk === undefined || document === undefined) throw new Error('nobody there')
  if (seated.length < PEOPLE && random.below(3) === 0) {
    seated.push(await place.office.sitDown(desk, { document }))
    return
  }
  const index = random.below(Math.max(1, seated.length))
  const somebody = seated[index]
  if (somebody === undefined) return
  if (random.below(4) === 0) {
    seated.splice(index, 1)
    place.office.leave(somebody.tab)
    return
  }
  // The same letters again and again: people correct more than they add.
  somebody.type(1, String(random.below(1_000)))
  await until(somebody.tab, isSaved)
}

const random = seededRandom(SEED)

async function soak(): Promise<boolean> {
  const place = await onPostgres()
  try {
    const extra = await addPlans({ engine: 'postgres', url: place.databaseUrl }, ROOMS - 1)
    const documents = [DEMO_MATRIX, ...extra]
    const startedMs = performance.now()
    const first = await sample(place, startedMs)
    const samples: Sample[] = []
    const seated: Typist[] = []
    let acts = 0
    for (let number = 1; number <= SAMPLES; number++) {
      const untilMs = startedMs + (MINUTES * 60_000 * number) / SAMPLES
      for (; performance.now() < untilMs; acts++) await oneAct(place, seated, documents)
      samples.push(await sample(place, startedMs))
    }
    for (const { tab } of seated) place.office.leave(tab)
    const emptyMs = performance.now()
    const isEmpty = async (): Promise<boolean> =>
      (await figure(place.server.url, 'dongbo_rooms')) === 0 && openFiles(place.server.pid) <= first.files + SPARE_FILES
    let isClear = await isEmpty()
    while (!isClear && performance.now() - emptyMs < EMPTY_LIMIT_MS) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      isClear = await isEmpty()
    }
    await sample(place, startedMs)
    const growth = slope(samples.slice(Math.floor(samples.length * WARM_UP_SHARE)))
    const isJudged = MINUTES >= SLOPE_FROM_MINUTES
    console.log(
      `${acts} acts in ${MINUTES} minutes (seed ${SEED}): ${growth.toFixed(1)} MiB an hour after the warm-up${isJudged ? '' : ' (too short to be judged)'}; rooms and files ${isClear ? 'are back' : 'STAY'}`,
    )
    return isClear && acts > 0 && (!isJudged || growth <= SLOPE_LIMIT_MIB_PER_HOUR)
  } finally {
    await place.remove()
  }
}

process.exitCode = (await soak()) ? 0 : 1
