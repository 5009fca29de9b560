import { parseArgs } from 'node:util'
import * as Y from 'yjs'
import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import { TASK_TEXTS, TASK_VALUES, type TaskTextField } from '@dongbo/model/matrix/fields.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { removeTask } from '@dongbo/model/matrix/operations/removeTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { taskMap, taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { trustedId, type TaskId } from '@dongbo/model/ids.ts'
import { CELL_ROLES } from '@dongbo/model/role.ts'
import { FAIR, FILM, replicaOf, SECTION, smallMatrix, SURVEY, updateOf } from '@dongbo/testkit/matrices.ts'
import { knownNames, mutateBytes, mutateStructs, pick } from '@dongbo/testkit/mutations.ts'
import { CULTURE, OFFICE, TOURISM } from '@dongbo/testkit/people.ts'
import { stageOf, tryInput, type Sender, type Stage } from './tryInput.ts'

/** Puts mutated updates through the gate until enough were tried. Exits with 1 at the first hole and prints the input. */
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string' },
  },
})
const inputs = Number(values.inputs)
const seed = Number(values.seed)
const deadline = values.seconds === undefined ? Infinity : performance.now() + Number(values.seconds) * 1_000

/** One document is used so long: long enough to hold dead structs and the senders' own ids. */
const INPUTS_PER_STAGE = 150
const VICTIM = 70_000
const STATUSES = ['draft', 'in_progress', 'submitted', 'accepted']
const TASKS = [FILM, FAIR, SURVEY]

function newStage(random: Random): Stage {
  const matrix = smallMatrix()
  editTaskText(matrix, FAIR, 'titleVi', { index: 3, remove: 0, insert: '🎬🎭' }, null)
  const id = trustedId<TaskId>('NV-I-8')
  addTask(matrix, { id, groupId: SECTION, texts: { titleVi: 'Bị xóa' } }, null)
  removeTask(matrix, id, null)
  const victim = replicaOf(matrix, VICTIM)
  editTaskText(victim, FAIR, 'noteVi', { index: 0, remove: 0, insert: 'của người khác' }, null)
  setCellRoles(victim, FILM, CULTURE, ['advise', 'supply'], null)
  const owners = [[VICTIM, 'victim' as PersonId] as const]
  return stageOf(Y.encodeStateAsUpdate(random.below(4) === 0 ? matrix.doc : victim.doc), owners)
}

function anyEdit(random: Random, matrix: MatrixDocument): void {
  const task = pick(random, TASKS)
  const text = taskText(matrix, task, pick(random, Object.keys(TASK_TEXTS) as TaskTextField[]))
  switch (random.below(8)) {
    case 0:
    case 1:
      return text?.insert(random.below(text.length + 1), pick(random, ['ở', 'đường', '🎬', 'một đoạn dài hơn']))
    case 2:
      return text !== null && text.length > 0 ? text.delete(random.below(text.length), 1) : undefined
    case 3: {
      const field = pick(random, Object.keys(TASK_VALUES))
      // With a wrong order key our own operations would throw, before there is anything to send.
      const value = field === 'order' ? 'a5V' : pick(random, [...STATUSES, 50, null, '2026-12-01', []])
      return void taskMap(matrix, task)?.set(field, value)
    }
    case 4:
    case 5:
      return setCellRoles(
        matrix,
        task,
        pick(random, [TOURISM, CULTURE, OFFICE]),
        CELL_ROLES.filter(() => random.below(4) === 0),
        null,
      )
    case 6:
      return addTask(matrix, { id: trustedId<TaskId>(`NV-I-${4 + random.below(4)}`), groupId: SECTION }, null)
    default:
      return removeTask(matrix, task, null)
  }
}

function newInput(random: Random, stage: Stage): Uint8Array {
  const ids = [...stage.owners.keys()].filter((id) => id !== VICTIM)
  // Often an id that the sender has used before, so that repetition and overlap are met too.
  const client = ids.length > 0 && random.below(3) > 0 ? pick(random, ids) : 1 + random.below(2 ** 31)
  const replica = replicaOf(stage.matrix, client)
  const update = updateOf(replica, (copy) => {
    for (let edits = random.below(3); edits >= 0; edits--) anyEdit(random, copy)
  })
  switch (random.below(10)) {
    case 0:
      return update
    case 1:
      return Y.encodeStateAsUpdate(replica.doc)
    case 2:
    case 3:
    case 4:
      return mutateBytes(random, update)
    case 5:
      return mutateBytes(random, mutateStructs(random, update, knownNames(replica.doc)))
    default:
      return mutateStructs(random, update, knownNames(replica.doc))
  }
}

/** How many of the slowest inputs are timed again. */
const SLOW_KEPT = 8

interface Slow {
  readonly ms: number
  readonly sender: Sender
  readonly update: Uint8Array
  readonly before: Uint8Array
  readonly owners: readonly (readonly [number, PersonId])[]
}

/** The shortest of several times: what the input itself costs, without what else the machine did meanwhile. */
function alone({ sender, update, before, owners }: Slow): number {
  return Math.min(...Array.from({ length: 4 }, () => tryInput(stageOf(before, owners), sender, update).ms))
}

function run(): number {
  const random = seededRandom(seed)
  const counts = new Map<string, number>()
  let slow: Slow[] = []
  let tried = 0
  let stage = newStage(random)
  for (; tried < inputs && performance.now() < deadline; tried++) {
    if (tried % INPUTS_PER_STAGE === 0) stage = newStage(random)
    const sender = pick<Sender>(random, ['officer', 'officer', 'officer', 'observer', 'coordinator'])
    const update = newInput(random, stage)
    const before = Y.encodeStateAsUpdate(stage.matrix.doc)
    const owners = [...stage.owners]
    const { verdict, holes, ms } = tryInput(stage, sender, update)
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
    if (ms > (slow.at(-1)?.ms ?? 0)) {
      slow = [...slow, { ms, sender, update, before, owners }].toSorted((a, b) => b.ms - a.ms).slice(0, SLOW_KEPT)
    }
    if (holes.length > 0) {
      const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
      console.error(`HOLE in input ${tried} of seed ${seed}: ${holes.join('; ')}`)
      console.error(
        JSON.stringify({ why: holes.join('; '), by: sender, document: base64(before), owners, update: base64(update) }),
      )
      return 1
    }
  }
  for (const [verdict, count] of [...counts].toSorted(([, a], [, b]) => b - a))
    console.log(`${String(count).padStart(8)} ${verdict}`)
  const worst = Math.max(...slow.map(alone))
  console.log(`${tried} inputs of seed ${seed}, no hole; the worst takes ${worst.toFixed(1)} ms`)
  return 0
}

process.exitCode = run()
