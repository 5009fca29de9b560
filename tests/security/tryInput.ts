import * as Y from 'yjs'
import type { PersonId } from '@dongbo/model/ids.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { decideMatrixChanges } from '@dongbo/sync/gate/decideMatrixChanges.ts'
import { integrate } from '@dongbo/sync/gate/integrate.ts'
import { judge } from '@dongbo/sync/gate/judge.ts'
import { checkedSnapshot } from '@dongbo/sync/room/replay.ts'
import { foreignPlaces } from '@dongbo/testkit/foreignPlaces.ts'
import { coordinator, person, planFacts } from '@dongbo/testkit/people.ts'

/** Who sends an input: what each may change is known without asking the policy. */
export const SENDERS = {
  officer: person(),
  observer: person({ planRole: 'observer', personId: 'observer' as PersonId }),
  coordinator: coordinator(),
} satisfies Record<string, Principal>
export type Sender = keyof typeof SENDERS

/** A document on the server with a second replica that hears only what the server would tell. */
export interface Stage {
  readonly matrix: MatrixDocument
  readonly witness: Y.Doc
  readonly owners: Map<number, PersonId>
}

export function stageOf(state: Uint8Array, owners: Iterable<readonly [number, PersonId]> = []): Stage {
  const doc = new Y.Doc()
  const matrix = openMatrix(doc)
  Y.applyUpdate(doc, state)
  const witness = new Y.Doc()
  openMatrix(witness)
  Y.applyUpdate(witness, state)
  return { matrix, witness, owners: new Map(owners) }
}

export interface Trial {
  /** `in`, or the code of the refusal. */
  readonly verdict: string
  /** What must never be: empty, or one sentence for each thing that is wrong. */
  readonly holes: readonly string[]
  readonly ms: number
}

/**
 * Puts bytes through the gate as a room does, and looks at everything that may not happen afterwards: something left
 * pending, a document that does not load again, a replica that differs, a foreign place that changed, a broken invariant.
 * A stage with a hole is not to be used again.
 */
export function tryInput(stage: Stage, sender: Sender, update: Uint8Array): Trial {
  const { matrix, witness, owners } = stage
  const who = SENDERS[sender]
  const foreign = foreignTo(sender, matrix)
  const started = performance.now()
  let verdict: ReturnType<typeof judge>
  try {
    verdict = judge(matrix.doc, update, who.personId, owners, decideMatrixChanges(matrix, who, planFacts()))
  } catch (error) {
    return { verdict: 'throws', holes: [`the gate throws: ${String(error)}`], ms: performance.now() - started }
  }
  if (!verdict.ok) return { verdict: verdict.error.code, holes: [], ms: performance.now() - started }
  const { faithful, emitted } = integrate(matrix.doc, verdict.value.update, verdict.value.changes, null)
  const ms = performance.now() - started
  for (const client of verdict.value.newClients) owners.set(client, who.personId)
  const holes: string[] = []
  if (!faithful) holes.push('Yjs did what was not judged')
  const { pendingStructs, pendingDs } = matrix.doc.store
  if (pendingStructs !== null || pendingDs !== null) holes.push('something is left pending')
  if (foreignTo(sender, matrix) !== foreign) holes.push('a foreign place has changed')
  holes.push(...matrixViolations(matrix))
  if (emitted !== null) holes.push(...replicaHoles(matrix.doc, witness, emitted))
  return { verdict: 'in', holes, ms }
}

/** Everything that this sender may not change, as text. A coordinator may change nearly all: invariants judge his. */
function foreignTo(sender: Sender, matrix: MatrixDocument): string {
  if (sender === 'coordinator') return ''
  return sender === 'officer' ? foreignPlaces(matrix, SENDERS.officer.bodyId) : JSON.stringify(matrix.doc.toJSON())
}

function replicaHoles(doc: Y.Doc, witness: Y.Doc, emitted: Uint8Array): readonly string[] {
  const holes: string[] = []
  if (checkedSnapshot(doc) === null) holes.push('the document does not load again to the same')
  try {
    Y.applyUpdate(witness, emitted)
  } catch (error) {
    holes.push(`a replica throws: ${String(error)}`)
  }
  if (witness.store.pendingStructs !== null || witness.store.pendingDs !== null) holes.push('a replica waits for ever')
  if (JSON.stringify(witness.toJSON()) !== JSON.stringify(doc.toJSON())) holes.push('a replica differs')
  return holes
}
