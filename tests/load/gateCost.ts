import * as Y from 'yjs'
import type { PersonId, TaskId } from '@dongbo/model/ids.ts'
import { trustedId } from '@dongbo/model/ids.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { openMatrix } from '@dongbo/model/matrix/shape.ts'
import { demoMatrix } from '@dongbo/demo/demoMatrix.ts'
import { decideMatrixChanges } from '@dongbo/sync/gate/decideMatrixChanges.ts'
import { integrate } from '@dongbo/sync/gate/integrate.ts'
import { judge } from '@dongbo/sync/gate/judge.ts'
import { coordinator, planFacts } from '@dongbo/testkit/people.ts'
import { median, repeat, type Figure } from './figures.ts'

const UPDATES = 2_000
const TASK = trustedId<TaskId>('NV-I-2')

/** What one keystroke costs at the gate of the demo matrix: judged, then applied and compared. */
export async function gateCost(runs: number): Promise<readonly Figure[]> {
  const results = await repeat(runs + 1, async () => oneRun())
  // The first run warms the engine up.
  const measured = results.slice(1)
  const us = (pick: (run: Run) => number): string => `${median(measured.map(pick)).toFixed(1)} µs`
  return [
    { what: 'Gate: judging one keystroke', ours: us((run) => run.judging), goal: '' },
    { what: 'Gate: applying it and comparing what Yjs did', ours: us((run) => run.applying), goal: '' },
    { what: 'For comparison: Yjs alone applying it', ours: us((run) => run.bare), goal: '' },
  ]
}

interface Run {
  readonly judging: number
  readonly applying: number
  readonly bare: number
}

function oneRun(): Run {
  const state = demoMatrix()
  const replica = openMatrix(loaded(state))
  const updates: Uint8Array[] = []
  replica.doc.on('update', (update: Uint8Array) => updates.push(update))
  for (let i = 0; i < UPDATES; i++) editTaskText(replica, TASK, 'noteVi', { index: i, remove: 0, insert: 'a' }, null)

  const chief = coordinator()
  const server = openMatrix(loaded(state))
  const owners = new Map<number, PersonId>()
  let judging = 0
  let applying = 0
  for (const update of updates) {
    const start = performance.now()
    const verdict = judge(server.doc, update, chief.personId, owners, decideMatrixChanges(server, chief, planFacts()))
    const judged = performance.now()
    if (!verdict.ok) throw new Error(verdict.error.code)
    const { faithful } = integrate(server.doc, verdict.value.update, verdict.value.changes, null)
    applying += performance.now() - judged
    judging += judged - start
    if (!faithful) throw new Error('an honest keystroke was not faithful')
    owners.set(replica.doc.clientID, chief.personId)
  }
  const bare = loaded(state)
  const start = performance.now()
  for (const update of updates) Y.applyUpdate(bare, update)
  const alone = performance.now() - start
  const each = (total: number): number => (total * 1_000) / UPDATES
  return { judging: each(judging), applying: each(applying), bare: each(alone) }
}

function loaded(state: Uint8Array): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, state)
  return doc
}
