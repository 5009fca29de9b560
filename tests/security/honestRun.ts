import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { decideMatrixChanges } from '@dongbo/sync/gate/decideMatrixChanges.ts'
import { integrate } from '@dongbo/sync/gate/integrate.ts'
import { judge } from '@dongbo/sync/gate/judge.ts'
import { act, desksOf, MINE, type Desk } from '@dongbo/testkit/desks.ts'
import { addRows, largeMatrix, rowTask } from '../load/largeMatrix.ts'
import { smallMatrix } from '@dongbo/testkit/matrices.ts'
import { pick } from '@dongbo/testkit/mutations.ts'
import { CULTURE, planFacts } from '@dongbo/testkit/people.ts'
import type { Portion, Progress } from './fuzzWorker.ts'
import { contentOf } from './tryInput.ts'

/** Rows of a table that somebody pastes over at once. */
const PASTED_ROWS = 5_000
/** New rows of a pasted table that fit one frame. */
const ADDED_ROWS = 1_000
/** Every so many stages somebody pastes: it costs more than a whole stage. */
const PASTE_EVERY = 200

/**
 * One stage of honest work: people who never do what they may not, online and offline, until so many updates were sent.
 * @returns what was refused, or null
 */
export function honestStage(portion: Portion, progress: Progress): string | null {
  const random = seededRandom(portion.seed * 1_000_003 + portion.stage)
  const isPaste = portion.stage % PASTE_EVERY === 0
  const server = isPaste ? largeMatrix(PASTED_ROWS, 0) : smallMatrix()
  const desks = desksOf(random, server)
  // Whoever pastes needs only one who watches.
  const office = new Office(random, server, isPaste ? desks.slice(0, 2) : desks, portion, progress)
  return isPaste ? office.paste() : office.work()
}

class Office {
  readonly #random: Random
  readonly #server: MatrixDocument
  readonly #portion: Portion
  readonly #progress: Progress
  readonly #owners = new Map<number, PersonId>()
  readonly #desks: readonly Desk[]
  #sent = 0

  constructor(random: Random, server: MatrixDocument, desks: readonly Desk[], portion: Portion, progress: Progress) {
    this.#random = random
    this.#server = server
    this.#portion = portion
    this.#progress = progress
    this.#desks = desks
  }

  work(): string | null {
    for (let step = 0; this.#sent < this.#portion.inputs; step++) {
      const desk = pick(this.#random, this.#desks)
      if (this.#random.below(15) === 0) desk.offline = !desk.offline
      act(this.#random, desk, step)
      const refused = desk.offline || this.#random.below(3) === 0 ? null : this.#send(desk)
      if (refused !== null) return refused
      if (!desk.offline && this.#random.below(3) > 0) desk.hear()
    }
    return this.#end()
  }

  /** A column pasted over all rows, a role in every row, a text in every row, new rows; undone and done again. */
  paste(): string | null {
    const [desk] = this.#desks
    if (desk === undefined) throw new Error('somebody pastes')
    const { matrix, undo } = desk
    const rows = Array.from({ length: PASTED_ROWS }, (_, row) => rowTask(row))
    const pastes = [
      () => rows.forEach((id, row) => setTaskValue(matrix, id, 'progressPct', row % 101, MINE)),
      () => rows.forEach((id) => setCellRoles(matrix, id, CULTURE, ['coordinate'], MINE)),
      () => rows.forEach((id) => editTaskText(matrix, id, 'noteVi', { index: 4, remove: 3, insert: 'Đã dán' }, MINE)),
      () => addRows(matrix, PASTED_ROWS, ADDED_ROWS, 0, MINE),
    ]
    for (const paste of pastes) {
      for (const once of [() => matrix.doc.transact(paste, MINE), () => undo.undo(), () => undo.redo()]) {
        once()
        const refused = this.#send(desk)
        if (refused !== null) return refused
      }
    }
    return this.#end()
  }

  #send(desk: Desk): string | null {
    for (const update of desk.send(this.#random, this.#server.doc)) {
      const refused = this.#receive(desk, update)
      if (refused !== null) return refused
    }
    return null
  }

  #receive(desk: Desk, update: Uint8Array): string | null {
    const { doc } = this.#server
    const { who } = desk
    const started = performance.now()
    const decide = decideMatrixChanges(this.#server, who, planFacts())
    const verdict = judge(doc, update, who.personId, this.#owners, decide)
    if (!verdict.ok) return this.#complaint(`${verdict.error.code} at ${verdict.error.path.join('/')}`, who, update)
    for (const client of verdict.value.newClients) this.#owners.set(client, who.personId)
    const { emitted, faithful } = integrate(doc, verdict.value.update, verdict.value.changes, null)
    if (!faithful) return this.#complaint('Yjs did what was not judged', who, update)
    this.#sent++
    this.#progress.count('in', performance.now() - started)
    if (emitted !== null) for (const other of this.#desks) if (other !== desk) other.inbox.push(emitted)
    return null
  }

  #complaint(what: string, { displayName }: Principal, update: Uint8Array): string {
    const { seed, stage } = this.#portion
    const bytes = Buffer.from(update).toString('base64').slice(0, 4_000)
    return `${what}, seed ${seed}, stage ${stage}, update ${this.#sent} of ${displayName}: ${bytes}`
  }

  /** Everybody comes back: all copies are the same. */
  #end(): string | null {
    for (const desk of this.#desks) {
      const refused = this.#send(desk)
      if (refused !== null) return refused
    }
    const state = contentOf(this.#server.doc)
    for (const desk of this.#desks) {
      desk.hear()
      if (contentOf(desk.matrix.doc) !== state) return `copies differ in the end of stage ${this.#portion.stage}`
    }
    return matrixViolations(this.#server)[0] ?? null
  }
}
