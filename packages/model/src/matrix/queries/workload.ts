import type { BodyId, TaskId } from '../../ids.ts'
import type { Role } from '../../role.ts'

export interface Workload {
  readonly leads: number
  /** Tasks in which the body has a role but not the lead. */
  readonly others: number
}

/** How many tasks each body leads and takes part in: the bars under the matrix. Bodies without a role are left out. */
export function workloads(
  rows: ReadonlyMap<TaskId, ReadonlyMap<BodyId, readonly Role[]>>,
): ReadonlyMap<BodyId, Workload> {
  const loads = new Map<BodyId, Workload>()
  for (const row of rows.values()) {
    for (const [body, roles] of row) {
      const { leads, others } = loads.get(body) ?? { leads: 0, others: 0 }
      loads.set(body, roles.includes('lead') ? { leads: leads + 1, others } : { leads, others: others + 1 })
    }
  }
  return loads
}
