import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import { trustedId, type PersonId, type TaskId } from '@dongbo/model/ids.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { editTaskText, textChange } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { removeTask } from '@dongbo/model/matrix/operations/removeTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { readCellRoles } from '@dongbo/model/matrix/read.ts'
import { taskMap, taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { undoOf } from '@dongbo/model/matrix/undo.ts'
import { addDays, plainDate } from '@dongbo/model/plainDate.ts'
import { PARTICIPATION_ROLES } from '@dongbo/model/role.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { FAIR, FILM, replicaOf, SECTION, smallMatrix, SURVEY } from '@dongbo/testkit/matrices.ts'
import { pick } from '@dongbo/testkit/mutations.ts'
import { coordinator, CULTURE, OFFICE, person, planFacts } from '@dongbo/testkit/people.ts'
import { decideMatrixChanges } from './decideMatrixChanges.ts'
import { integrate } from './integrate.ts'
import { judge } from './judge.ts'

const SEEDS = 24
const STEPS = 260
/** Syllables as an input method makes them: typed letter by letter, each time replacing the whole syllable. */
const SYLLABLES = [
  ['d', 'du', 'duo', 'duon', 'đuon', 'đuong', 'đương', 'đường'],
  ['n', 'ng', 'ngh', 'nghi', 'nghie', 'nghiê', 'nghiêp', 'nghiệp'],
  ['h', 'ho', 'hoa', 'hòa', 'hòa '],
]

/** A person's browser: a replica, the server's updates that have not arrived, its own that have not been sent. */
interface Desk {
  readonly who: Principal
  readonly matrix: MatrixDocument
  readonly undo: Y.UndoManager
  readonly leads: readonly TaskId[]
  readonly inbox: Uint8Array[]
  outbox: Uint8Array[]
  offline: boolean
}

const MINE = { by: 'me' }

function deskOf(server: MatrixDocument, who: Principal, leads: readonly TaskId[], clientId: number): Desk {
  const matrix = replicaOf(server, clientId)
  const undo = undoOf(matrix, MINE, { captureMs: 0 })
  const desk: Desk = { who, matrix, undo, leads, inbox: [], outbox: [], offline: false }
  matrix.doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'server') desk.outbox.push(update)
  })
  return desk
}

/** One thing that this person may do, whatever the others do at the same time. */
function act(random: Random, desk: Desk, step: number): void {
  const { matrix, who, leads, undo } = desk
  const isChief = who.planRole === 'coordinator'
  const task = pick(random, isChief ? [FILM, FAIR, SURVEY] : leads.length > 0 ? leads : [FILM])
  const writes = isChief || leads.length > 0
  const field = pick(random, ['titleVi', 'titleEn', 'noteVi', 'resultVi'] as const)
  switch (random.below(12)) {
    case 0:
    case 1:
      return void undo.undo()
    case 2:
      return void undo.redo()
    case 3: {
      // What the coordinator gave stays; the rest is the body's own.
      const cell = pick(random, [FILM, FAIR, SURVEY])
      const given = readCellRoles(matrix, cell, who.bodyId).filter((role) => !PARTICIPATION_ROLES.includes(role))
      return setCellRoles(
        matrix,
        cell,
        who.bodyId,
        [...given, ...PARTICIPATION_ROLES.filter(() => random.below(2) === 0)],
        MINE,
      )
    }
    case 4:
    case 5:
      return writes ? typeSyllable(random, matrix, task, field) : undefined
    case 6: {
      const text = taskText(matrix, task, field)?.toString() ?? ''
      const index = between(text, random.below(text.length + 1))
      const remove = between(text, Math.min(index + 1 + random.below(12), text.length)) - index
      return writes ? editTaskText(matrix, task, field, { index, remove, insert: '' }, MINE) : undefined
    }
    case 7:
      return writes ? setTaskValue(matrix, task, 'progressPct', random.below(101), MINE) : undefined
    case 8:
      return writes
        ? editTaskText(
            matrix,
            task,
            field,
            { index: 0, remove: 0, insert: 'Đoạn dán 🎬 dài '.repeat(1 + random.below(8)) },
            MINE,
          )
        : undefined
    case 9:
      return isChief
        ? setTaskValue(matrix, task, 'deadline', addDays(plainDate('2026-12-01'), random.below(60)), MINE)
        : undefined
    case 10: {
      const id = trustedId<TaskId>(`NV-X-${who.personId}-${step}`)
      return isChief ? addTask(matrix, { id, groupId: SECTION, texts: { titleVi: 'Việc mới' } }, MINE) : undefined
    }
    default: {
      const own = [...matrix.tasks.keys()].filter((id) => id.startsWith(`NV-X-${who.personId}-`))
      return isChief && own.length > 0 ? removeTask(matrix, trustedId<TaskId>(pick(random, own)), MINE) : undefined
    }
  }
}

/** No caret stands in the middle of a surrogate pair. */
function between(text: string, index: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(index)) ? index - 1 : index
}

function typeSyllable(
  random: Random,
  matrix: MatrixDocument,
  task: TaskId,
  field: 'titleVi' | 'titleEn' | 'noteVi' | 'resultVi',
): void {
  const before = taskText(matrix, task, field)?.toString() ?? ''
  const at = between(before, random.below(before.length + 1))
  let shown = before
  for (const syllable of pick(random, SYLLABLES)) {
    const next = before.slice(0, at) + syllable + before.slice(at)
    const change = textChange(shown, next, at + syllable.length)
    if (change !== null) editTaskText(matrix, task, field, change, MINE)
    shown = taskText(matrix, task, field)?.toString() ?? ''
  }
}

describe('honest work is never refused', () => {
  let updates = 0
  let undone = 0
  let merged = 0

  test.each(Array.from({ length: SEEDS }, (_, seed) => seed))('seed %i', (seed) => {
    const random = seededRandom(seed)
    const server = smallMatrix()
    const owners = new Map<number, PersonId>()
    const desks = [
      deskOf(server, coordinator(), [], 10 + random.below(1_000)),
      deskOf(
        server,
        coordinator({ personId: trustedId<PersonId>('deputy'), bodyId: OFFICE }),
        [],
        2_000 + random.below(1_000),
      ),
      deskOf(server, person(), [FILM], 4_000 + random.below(1_000)),
      deskOf(server, person({ bodyId: CULTURE }), [FAIR], 6_000 + random.below(1_000)),
      deskOf(server, person(), [FILM], 8_000 + random.below(1_000)),
    ]

    const receive = (desk: Desk, update: Uint8Array): void => {
      const { who } = desk
      const verdict = judge(server.doc, update, who.personId, owners, decideMatrixChanges(server, who, planFacts()))
      const input = (): string => `seed ${seed}, ${who.displayName}: ${Buffer.from(update).toString('base64')}`
      if (!verdict.ok) throw new Error(`${verdict.error.code} at ${verdict.error.path.join('/')}, ${input()}`)
      for (const client of verdict.value.newClients) owners.set(client, who.personId)
      const { emitted, faithful } = integrate(server.doc, verdict.value.update, verdict.value.changes, null)
      expect(faithful, input()).toBe(true)
      updates++
      if (emitted !== null) for (const other of desks) if (other !== desk) other.inbox.push(emitted)
    }
    const send = (desk: Desk): void => {
      const { outbox, matrix } = desk
      desk.outbox = []
      if (outbox.length > 1) merged++
      // Who was offline sends everything the server lacks, or what the provider kept, as one or one by one.
      if (random.below(3) === 0) receive(desk, Y.encodeStateAsUpdate(matrix.doc, Y.encodeStateVector(server.doc)))
      else if (random.below(2) === 0 && outbox.length > 0) receive(desk, Y.mergeUpdates(outbox))
      else for (const update of outbox) receive(desk, update)
    }
    const hear = (desk: Desk): void => {
      for (const update of desk.inbox.splice(0)) Y.applyUpdate(desk.matrix.doc, update, 'server')
    }

    for (let step = 0; step < STEPS; step++) {
      const desk = pick(random, desks)
      if (random.below(15) === 0) desk.offline = !desk.offline
      const stack = desk.undo.redoStack.length
      act(random, desk, step)
      if (desk.undo.redoStack.length > stack) undone++
      if (!desk.offline && random.below(3) > 0) send(desk)
      if (!desk.offline && random.below(3) > 0) hear(desk)
    }
    for (const desk of desks) send(desk)
    for (const desk of desks) hear(desk)
    for (const { matrix } of desks) expect(matrix.doc.toJSON()).toEqual(server.doc.toJSON())
    expect(matrixViolations(server)).toEqual([])
    expect(taskMap(server, FILM)).not.toBeNull()
  })

  test('the runs were not vacuous', () => {
    expect(updates).toBeGreaterThanOrEqual(3_000)
    expect(undone).toBeGreaterThan(300)
    expect(merged).toBeGreaterThan(300)
  })
})
