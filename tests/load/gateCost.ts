import * as Y from 'yjs'
import type { PersonId } from '@dongbo/model/ids.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { openMatrix } from '@dongbo/model/matrix/shape.ts'
import { decideMatrixChanges } from '@dongbo/sync/gate/decideMatrixChanges.ts'
import { integrate } from '@dongbo/sync/gate/integrate.ts'
import { judge } from '@dongbo/sync/gate/judge.ts'
import { largeMatrix, rowTask } from './largeMatrix.ts'
import { coordinator, planFacts } from '@dongbo/testkit/people.ts'
import { median, repeat, type Figure } from './figures.ts'

const UPDATES = 2_000
const TASKS = 2_000
const BODIES = 20
/** Tabs that have edited the document before: every transaction of Yjs costs time in proportion. */
const PAST_CLIENTS = 50
const TASK = rowTask(TASKS / 2)

/**
 * What one keystroke costs at the gate of a large matrix: judged, then applied and compared. The gate's own part is both
 * without what Yjs alone needs to apply it.
 */
export async function gateCost(runs: number): Promise<readonly Figure[]> {
  const state = writtenMatrix()
  const results = await repeat(runs + 1, async () => oneRun(state))
  // The first run warms the engine up.
  const measured = results.slice(1)
  const us = (pick: (run: Run) => number): string => `${median(measured.map(pick)).toFixed(1)} µs`
  const size = `${TASKS} × ${BODIES}, ${PAST_CLIENTS} past client ids`
  return [
    { what: `Gate: judging one keystroke (${size})`, ours: us((run) => run.judging), goal: '' },
    { what: 'Gate: applying it and comparing what Yjs did', ours: us((run) => run.applying), goal: '' },
    { what: 'For comparison: Yjs alone applying it', ours: us((run) => run.bare), goal: '' },
    {
      what: 'The gate itself: both without what Yjs alone needs',
      ours: us((run) => run.judging + run.applying - run.bare),
      goal: '≤ 15 µs',
    },
  ]
}

interface Run {
  readonly judging: number
  readonly applying: number
  readonly bare: number
}

function oneRun(state: Uint8Array): Run {
  const replica = openMatrix(loaded(state))
  const updates: Uint8Array[] = []
  replica.doc.on('update', (update: Uint8Array) => updates.push(update))
  for (let i = 0; i < UPDATES; i++) editTaskText(replica, TASK, 'noteVi', { index: i, remove: 0, insert: 'a' }, null)

  const chief = coordinator()
  const server = openMatrix(loaded(state))
  const bareDoc = loaded(state)
  // The server listens too, or Yjs would not encode what it emits.
  bareDoc.on('update', () => undefined)
  const owners = new Map<number, PersonId>()
  let judging = 0
  let applying = 0
  let bare = 0
  for (const update of updates) {
    const start = performance.now()
    const verdict = judge(server.doc, update, chief.personId, owners, decideMatrixChanges(server, chief, planFacts()))
    const judged = performance.now()
    if (!verdict.ok) throw new Error(verdict.error.code)
    const { faithful } = integrate(server.doc, verdict.value.update, verdict.value.changes, null)
    const applied = performance.now()
    if (!faithful) throw new Error('an honest keystroke was not faithful')
    owners.set(replica.doc.clientID, chief.personId)
    Y.applyUpdate(bareDoc, update)
    judging += judged - start
    applying += applied - judged
    bare += performance.now() - applied
  }
  const each = (total: number): number => (total * 1_000) / UPDATES
  return { judging: each(judging), applying: each(applying), bare: each(bare) }
}

/** A matrix in which many tabs have written before. */
function writtenMatrix(): Uint8Array {
  const matrix = largeMatrix(TASKS, BODIES)
  for (let i = 0; i < PAST_CLIENTS; i++) {
    matrix.doc.clientID = 1_000 + i
    editTaskText(matrix, rowTask(i), 'titleVi', { index: 0, remove: 0, insert: 'Đã sửa: ' }, null)
  }
  return Y.encodeStateAsUpdate(matrix.doc)
}

function loaded(state: Uint8Array): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, state)
  return doc
}
