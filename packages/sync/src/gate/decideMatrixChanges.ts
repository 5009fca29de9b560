import type { DocumentChange } from '@dongbo/model/documentChange.ts'
import { parseTaskId, type TaskId } from '@dongbo/model/ids.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { matrixWrite, type MatrixWrite } from '@dongbo/model/matrix/writes.ts'
import { decideMatrix, decideWriting } from '@dongbo/policy/decideMatrix.ts'
import { factsAfter, matrixFacts, type PlanFacts } from '@dongbo/policy/matrixFacts.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { refusal, type Refusal } from './refusal.ts'

/**
 * Most proposals made and decided in one update: more than anybody does offline. Each may hold a long text, which is
 * compared letter by letter, so that this is what bounds the time.
 */
const PROPOSAL_CHANGES_LIMIT = 200

/** The decision about a matrix: what the model says can stand there, and what the policy says this person may do. */
export function decideMatrixChanges(matrix: MatrixDocument, principal: Principal, plan: PlanFacts) {
  return (changes: readonly DocumentChange[]): Refusal | null => {
    const writing = decideWriting(principal, plan.planStatus)
    if (!writing.allow) return refusal(writing.because, changes[0]?.path)
    const created = tasksThat('put', changes)
    const removed = tasksThat('erase', changes)
    const aboutProposals = changes.filter(({ path }) => path[0] === 'proposals')
    if (aboutProposals.length > PROPOSAL_CHANGES_LIMIT) return refusal('too-many-parts', aboutProposals[0]?.path)
    const writes: { readonly change: DocumentChange; readonly write: MatrixWrite }[] = []
    for (const change of changes) {
      const write = matrixWrite(matrix, change, created, removed, changes)
      if (!write.ok) return refusal(write.error, change.path)
      writes.push({ change, write: write.value })
    }
    const facts = factsAfter(
      matrixFacts(matrix, plan),
      writes.map(({ write }) => write),
    )
    for (const { change, write } of writes) {
      const decision = decideMatrix(principal, write, facts)
      if (!decision.allow) return refusal(decision.because, change.path)
    }
    return null
  }
}

/** The tasks that are themselves put or erased, not only a field of theirs. */
function tasksThat(kind: 'put' | 'erase', changes: readonly DocumentChange[]): ReadonlySet<TaskId> {
  const found = new Set<TaskId>()
  for (const change of changes) {
    if (change.kind !== kind || change.path.length !== 2 || change.path[0] !== 'tasks') continue
    const id = parseTaskId(change.path[1] ?? '')
    if (id.ok) found.add(id.value)
  }
  return found
}
