import * as Y from 'yjs'
import type { Instant } from '@dongbo/kernel/clock.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { LogBatch, LogEntry } from '@dongbo/sync/ports/updateLog.ts'
import { foreignPlaces } from '../foreignPlaces.ts'
import { OFFICE } from '../people.ts'
import { CAST } from './cast.ts'
import type { SimulatedRole } from './script.ts'

/**
 * Follows what is really written and judges it by rules of its own: every entry may have changed only what is its author's,
 * and nobody without a right at that moment may have written anything. Shares no line with the gate or the policy.
 */
export class Ledger {
  /** The document as the log makes it. */
  matrix: MatrixDocument = openMatrix(new Y.Doc())
  readonly violations: string[] = []
  #next = 1
  /** Whose each client id is, as it was written beside the entries. */
  #owners = new Map<number, PersonId>()
  /** Since when each person has which role, oldest first. */
  readonly #roles = new Map<string, { readonly from: Instant; readonly role: SimulatedRole }[]>()

  /** How many entries the log holds. */
  get entries(): number {
    return this.#next - 1
  }

  /** From this moment on a person has this role. Said once every server knows. */
  roleChanged(personId: string, role: SimulatedRole, from: Instant): void {
    this.#roles.set(personId, [...(this.#roles.get(personId) ?? []), { from, role }])
  }

  written(batch: LogBatch): void {
    for (const { clientId, personId } of batch.newOwners) this.#owners.set(clientId, personId)
    for (const entry of batch.entries) this.#follow(entry)
  }

  /** The log was put back to these entries, and these owners of client ids. */
  restored(entries: readonly LogEntry[], owners: ReadonlyMap<number, PersonId>): void {
    this.#owners = new Map(owners)
    this.matrix = openMatrix(new Y.Doc())
    this.#next = 1
    for (const entry of entries) this.#apply(entry)
  }

  #follow(entry: LogEntry): void {
    const author = CAST.find(({ principal }) => principal.personId === entry.personId)?.principal
    if (author === undefined) {
      this.#apply(entry)
      this.violations.push(`entry ${entry.seq} is nobody's`)
      return
    }
    const { personId, bodyId, planRole } = author
    for (const clientId of Y.parseUpdateMeta(entry.update).from.keys()) {
      const owner = this.#owners.get(clientId) ?? 'nobody'
      if (owner !== personId)
        this.violations.push(`entry ${entry.seq} of ${personId} is under client id ${clientId} of ${owner}`)
    }
    if (entry.bodyId !== bodyId) this.violations.push(`entry ${entry.seq} of ${personId} is booked on ${entry.bodyId}`)
    const role = this.#roles.get(personId)?.findLast(({ from }) => from <= entry.at)?.role ?? 'own'
    if (planRole === 'observer' || role !== 'own') {
      this.violations.push(`${personId} wrote entry ${entry.seq} while he had no right to write`)
    }
    const before = planRole === 'coordinator' ? '' : this.#foreignTo(bodyId)
    this.#apply(entry)
    const after = planRole === 'coordinator' ? '' : this.#foreignTo(bodyId)
    if (before !== after) this.violations.push(`entry ${entry.seq} of ${personId} changed what is another's`)
    for (const broken of matrixViolations(this.matrix)) this.violations.push(`entry ${entry.seq}: ${broken}`)
  }

  #apply(entry: LogEntry): void {
    if (entry.seq !== this.#next) this.violations.push(`entry ${entry.seq} was written where ${this.#next} was due`)
    this.#next = entry.seq + 1
    Y.applyUpdate(this.matrix.doc, entry.update)
    const { pendingStructs, pendingDs } = this.matrix.doc.store
    if (pendingStructs !== null || pendingDs !== null)
      this.violations.push(`entry ${entry.seq} leaves something pending`)
  }

  #foreignTo(bodyId: LogEntry['bodyId']): string {
    if (bodyId === null) return ''
    const foreign = foreignPlaces(this.matrix, bodyId)
    // The office monitors a task: it may accept it or send it back. Anybody may propose a draft.
    return bodyId === OFFICE
      ? foreign.replaceAll(/"status":"\w+"/g, '"status":""')
      : foreign.replaceAll('"status":"proposed"', '"status":"draft"')
  }
}
