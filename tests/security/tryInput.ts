import * as Y from 'yjs'
import type { PersonId } from '@dongbo/model/ids.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { PlanStatus } from '@dongbo/model/plan.ts'
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
  /** What a room keeps: the state it began with, and what Yjs emitted since. */
  readonly base: Uint8Array
  readonly tail: Uint8Array[]
}

export function stageOf(state: Uint8Array, owners: Iterable<readonly [number, PersonId]> = []): Stage {
  const doc = new Y.Doc()
  const matrix = openMatrix(doc)
  Y.applyUpdate(doc, state)
  const witness = new Y.Doc()
  openMatrix(witness)
  Y.applyUpdate(witness, state)
  return { matrix, witness, owners: new Map(owners), base: state, tail: [] }
}

/** One input with everything that its verdict depends on. */
export interface Input {
  readonly by: Sender
  /** The plan's state at that moment; rights change between two updates of one client. */
  readonly plan: PlanStatus
  readonly update: Uint8Array
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
export function tryInput(stage: Stage, { by, plan, update }: Input): Trial {
  const { matrix, witness, owners } = stage
  const who = SENDERS[by]
  const facts = planFacts({ planStatus: plan })
  const foreign = foreignTo(by, plan, matrix)
  const started = performance.now()
  let verdict: ReturnType<typeof judge>
  try {
    verdict = judge(matrix.doc, update, who.personId, owners, decideMatrixChanges(matrix, who, facts))
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
  if (foreignTo(by, plan, matrix) !== foreign) holes.push('a foreign place has changed')
  holes.push(...matrixViolations(matrix))
  if (emitted !== null) {
    stage.tail.push(emitted)
    holes.push(...replicaHoles(matrix.doc, witness, emitted))
  }
  return { verdict: 'in', holes, ms }
}

/** Everything that this sender may not change, as text. A coordinator may change nearly all: invariants judge his. */
function foreignTo(sender: Sender, plan: PlanStatus, matrix: MatrixDocument): string {
  if (sender === 'observer' || plan === 'closed') return JSON.stringify(matrix.doc.toJSON())
  return sender === 'coordinator' ? '' : foreignPlaces(matrix, SENDERS.officer.bodyId)
}

function replicaHoles(doc: Y.Doc, witness: Y.Doc, emitted: Uint8Array): readonly string[] {
  const holes: string[] = []
  if (checkedSnapshot(doc) === null) holes.push('the document does not load again to the same')
  try {
    Y.applyUpdate(witness, emitted)
  } catch (error) {
    holes.push(`a replica throws: ${String(error)}`)
  }
  return [...holes, ...differences(doc, witness, 'a replica')]
}

/**
 * What a room makes of its bytes without a live document: base and tail merged, and the clocks that it counts from each
 * entry. Both must say what the document says.
 */
export function compactionHoles({ matrix: { doc }, base, tail }: Stage): readonly string[] {
  const compacted = new Y.Doc()
  openMatrix(compacted)
  try {
    Y.applyUpdate(compacted, Y.mergeUpdates([base, ...tail]))
  } catch (error) {
    return [`base and tail do not merge: ${String(error)}`]
  }
  const clocks = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(base))
  for (const entry of tail) {
    for (const [client, clock] of Y.parseUpdateMeta(entry).to) {
      clocks.set(client, Math.max(clocks.get(client) ?? 0, clock))
    }
  }
  const holes = [...differences(doc, compacted, 'the compacted document')]
  const real = Y.decodeStateVector(Y.encodeStateVector(doc))
  if (real.size !== clocks.size || [...real].some(([client, clock]) => clocks.get(client) !== clock)) {
    holes.push('the clocks counted from the entries are not those of the document')
  }
  return holes
}

function differences(doc: Y.Doc, other: Y.Doc, name: string): readonly string[] {
  const holes: string[] = []
  if (other.store.pendingStructs !== null || other.store.pendingDs !== null) holes.push(`${name} waits for ever`)
  if (contentOf(other) !== contentOf(doc)) holes.push(`${name} differs`)
  return holes
}

/** The content of a document as text; in which order keys were first met says nothing. */
export function contentOf(doc: Y.Doc): string {
  return JSON.stringify(doc.toJSON(), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}
