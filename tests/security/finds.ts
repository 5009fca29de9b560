import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PersonId } from '@dongbo/model/ids.ts'
import type { PlanStatus } from '@dongbo/model/plan.ts'
import { decodeRaw, encodeRaw } from '@dongbo/testkit/rawUpdate.ts'
import { compactionHoles, stageOf, tryInput, type Input, type Sender } from './tryInput.ts'

type Owners = readonly (readonly [number, PersonId])[]

/** One input and the document that it meets. */
export interface Meeting {
  readonly document: Uint8Array
  readonly owners: Owners
  readonly input: Input
}

/** A file of `tests/fixtures/gate`. */
interface Fixture {
  readonly why: string
  readonly by: Sender
  readonly plan?: PlanStatus
  readonly verdict: string
  readonly owners: Owners
  readonly document: string
  readonly update: string
}

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'gate')
const bytes = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'))
const base64 = (update: Uint8Array): string => Buffer.from(update).toString('base64')

/** Inputs that once were a hole, or must never become one. */
export function fixtures(): readonly (Meeting & {
  readonly name: string
  readonly why: string
  readonly verdict: string
})[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const { why, verdict, by, plan, owners, document, update } = JSON.parse(
        readFileSync(join(FOLDER, name), 'utf8'),
      ) as Fixture
      const input = { by, plan: plan ?? 'amended', update: bytes(update) }
      return { name, why, verdict, document: bytes(document), owners, input }
    })
}

/** What is wrong after this input, on a stage of its own. */
function holesOf({ document, owners, input }: Meeting): readonly string[] {
  const stage = stageOf(document, owners)
  const { holes } = tryInput(stage, input)
  return [...holes, ...compactionHoles(stage)]
}

const TIMES = 5

/**
 * What the input costs by itself, in processor time: what the machine did for others meanwhile does not count. With the
 * look at everything that may not happen, so rather too much than too little.
 */
export function timeAlone({ document, owners, input }: Meeting): number {
  const stages = Array.from({ length: TIMES }, () => stageOf(document, owners))
  const started = process.threadCpuUsage()
  for (const stage of stages) tryInput(stage, input)
  const { user, system } = process.threadCpuUsage(started)
  return (user + system) / 1_000 / TIMES
}

/** Takes structs and deletions away for as long as it stays a hole. */
export function shrink(meeting: Meeting): Meeting {
  let smallest = meeting
  for (let smaller: Meeting | undefined = meeting; smaller !== undefined;) {
    smallest = smaller
    smaller = reductions(smallest.input.update)
      .map((update) => ({ ...smallest, input: { ...smallest.input, update } }))
      .find((one) => holesOf(one).length > 0)
  }
  return smallest
}

function reductions(update: Uint8Array): readonly Uint8Array[] {
  try {
    const { structs, deletes } = decodeRaw(update)
    const withoutOne = structs.map((_, index) => encodeRaw({ structs: structs.toSpliced(index, 1), deletes }))
    const withoutClient = [...deletes.keys()].map((client) =>
      encodeRaw({ structs, deletes: new Map([...deletes].filter(([other]) => other !== client)) }),
    )
    return [...withoutOne, ...withoutClient]
  } catch {
    // What does not decode cannot be taken apart.
    return []
  }
}

/** Writes a find as a fixture in the making: give it a name, a sentence and the right verdict. */
export function writeFind(folder: string, name: string, why: string, { document, owners, input }: Meeting): string {
  const { by, plan, update } = input
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.json`)
  const fixture: Fixture = { why, by, plan, verdict: '?', owners, document: base64(document), update: base64(update) }
  writeFileSync(path, `${JSON.stringify(fixture, null, 2)}\n`)
  return path
}
