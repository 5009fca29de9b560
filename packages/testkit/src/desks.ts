import * as Y from 'yjs'
import type { Random } from '@dongbo/kernel/random.ts'
import { trustedId, type PersonId, type TaskId } from '@dongbo/model/ids.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { removeTask } from '@dongbo/model/matrix/operations/removeTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { readCellRoles } from '@dongbo/model/matrix/read.ts'
import { openMatrix, taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { undoOf } from '@dongbo/model/matrix/undo.ts'
import { addDays, plainDate } from '@dongbo/model/plainDate.ts'
import { PARTICIPATION_ROLES } from '@dongbo/model/role.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { compose, type TypedField } from './compositions.ts'
import { FAIR, FILM, replicaOf, SECTION, SURVEY } from './matrices.ts'
import { pick } from './mutations.ts'
import { coordinator, CULTURE, OFFICE, person } from './people.ts'

/** Where the others' edits come from: not undone here, not sent back. */
const SERVER = 'server'
export const MINE = { by: 'me' }

/** An honest person's browser: a replica, the server's updates that have not arrived, its own that have not been sent. */
export class Desk {
  readonly who: Principal
  readonly leads: readonly TaskId[]
  readonly inbox: Uint8Array[] = []
  matrix: MatrixDocument
  undo: Y.UndoManager
  offline = false
  #outbox: Uint8Array[] = []

  constructor(server: MatrixDocument, who: Principal, leads: readonly TaskId[], clientId: number) {
    this.who = who
    this.leads = leads
    this.matrix = replicaOf(server, clientId)
    this.undo = this.#watch()
  }

  /** The page is loaded again from its own store: the same content and client id, an empty undo stack. */
  reload(): void {
    const { doc } = this.matrix
    const stored = Y.encodeStateAsUpdate(doc)
    const { clientID } = doc
    doc.destroy()
    const fresh = new Y.Doc()
    Y.applyUpdate(fresh, stored, SERVER)
    fresh.clientID = clientID
    this.matrix = openMatrix(fresh)
    this.undo = this.#watch()
  }

  /** Applies what has arrived. */
  hear(): void {
    for (const update of this.inbox.splice(0)) Y.applyUpdate(this.matrix.doc, update, SERVER)
  }

  /**
   * What goes to the server now: who was offline sends everything that it lacks, or what the provider kept, as one or one
   * by one.
   */
  send(random: Random, server: Y.Doc): readonly Uint8Array[] {
    const outbox = this.#outbox
    this.#outbox = []
    if (random.below(3) === 0) return [Y.encodeStateAsUpdate(this.matrix.doc, Y.encodeStateVector(server))]
    return random.below(2) === 0 && outbox.length > 0 ? [Y.mergeUpdates(outbox)] : outbox
  }

  /** How many updates wait to be sent. */
  get waiting(): number {
    return this.#outbox.length
  }

  #watch(): Y.UndoManager {
    this.matrix.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== SERVER) this.#outbox.push(update)
    })
    return undoOf(this.matrix, MINE, { captureMs: 0 })
  }
}

/** Two coordinators, and three officers of whom two lead the same task: nobody ever does what he may not. */
export function desksOf(random: Random, server: MatrixDocument): readonly Desk[] {
  const deputy = coordinator({ personId: trustedId<PersonId>('deputy'), bodyId: OFFICE })
  return [
    new Desk(server, coordinator(), [], 10 + random.below(1_000)),
    new Desk(server, deputy, [], 2_000 + random.below(1_000)),
    new Desk(server, person(), [FILM], 4_000 + random.below(1_000)),
    new Desk(server, person({ bodyId: CULTURE }), [FAIR], 6_000 + random.below(1_000)),
    new Desk(server, person(), [FILM], 8_000 + random.below(1_000)),
  ]
}

const FIELDS: readonly TypedField[] = ['titleVi', 'titleEn', 'noteVi', 'resultVi']

/** One thing that this person may do, whatever the others do at the same time. */
export function act(random: Random, desk: Desk, step: number): void {
  const { matrix, who, leads, undo } = desk
  const isChief = who.planRole === 'coordinator'
  const task = pick(random, isChief ? [FILM, FAIR, SURVEY] : leads.length > 0 ? leads : [FILM])
  const writes = isChief || leads.length > 0
  const field = pick(random, FIELDS)
  switch (random.below(13)) {
    case 0:
    case 1:
      return void undo.undo()
    case 2:
      return void undo.redo()
    case 3:
      return takePart(random, matrix, who)
    case 4:
    case 5:
      return writes ? compose(random, matrix, task, field, MINE) : undefined
    case 6:
      return writes ? deleteRange(random, matrix, task, field) : undefined
    case 7:
      return writes ? setTaskValue(matrix, task, 'progressPct', random.below(101), MINE) : undefined
    case 8: {
      const insert = 'Đoạn dán 🎬 dài '.repeat(1 + random.below(8))
      const length = taskText(matrix, task, field)?.length ?? 0
      // A field has an end, and who writes at its end is told so on the screen.
      return writes && length < 4_000
        ? editTaskText(matrix, task, field, { index: 0, remove: 0, insert }, MINE)
        : undefined
    }
    case 9: {
      const day = addDays(plainDate('2026-12-01'), random.below(60))
      return isChief ? setTaskValue(matrix, task, 'deadline', day, MINE) : undefined
    }
    case 10: {
      const id = trustedId<TaskId>(`NV-X-${who.personId}-${step}`)
      return isChief ? addTask(matrix, { id, groupId: SECTION, texts: { titleVi: 'Việc mới' } }, MINE) : undefined
    }
    case 11:
      return desk.reload()
    default: {
      const own = [...matrix.tasks.keys()].filter((id) => id.startsWith(`NV-X-${who.personId}-`))
      return isChief && own.length > 0 ? removeTask(matrix, trustedId<TaskId>(pick(random, own)), MINE) : undefined
    }
  }
}

/** What the coordinator gave stays; the rest is the body's own. */
function takePart(random: Random, matrix: MatrixDocument, { bodyId }: Principal): void {
  const task = pick(random, [FILM, FAIR, SURVEY])
  const given = readCellRoles(matrix, task, bodyId).filter((role) => !PARTICIPATION_ROLES.includes(role))
  const taken = PARTICIPATION_ROLES.filter(() => random.below(2) === 0)
  setCellRoles(matrix, task, bodyId, [...given, ...taken], MINE)
}

function deleteRange(random: Random, matrix: MatrixDocument, task: TaskId, field: TypedField): void {
  const text = taskText(matrix, task, field)?.toString() ?? ''
  const index = between(text, random.below(text.length + 1))
  const remove = between(text, Math.min(index + 1 + random.below(12), text.length)) - index
  editTaskText(matrix, task, field, { index, remove, insert: '' }, MINE)
}

/** No caret stands in the middle of a surrogate pair. */
function between(text: string, index: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(index)) ? index - 1 : index
}
