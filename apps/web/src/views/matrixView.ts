import type { BodyId, GroupId, TaskId } from '@dongbo/model/ids.ts'
import type { Proposal } from '@dongbo/model/matrix/proposals/proposal.ts'
import { proposalsByTask } from '@dongbo/model/matrix/proposals/read.ts'
import { workloads, type Workload } from '@dongbo/model/matrix/queries/workload.ts'
import { readAllRoles, readGroups, readTask, readTasks, type Group, type Task } from '@dongbo/model/matrix/read.ts'
import { parseCellKey, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { Role } from '@dongbo/model/role.ts'
import type * as Y from 'yjs'
import { shownProposals, type ShownProposal } from './shownProposals.ts'
import { rolesOfTask, type CellsOfTask } from './rolesOfTask.ts'

/** One row as plain values. A new object whenever, and only when, something in the row changes. */
export interface Row {
  readonly task: Task
  /** The filled cells of the row, each strongest role first, the lead included. */
  readonly roles: ReadonlyMap<BodyId, readonly Role[]>
  /** What has been proposed here, oldest first, decided or not. */
  readonly proposals: readonly ShownProposal[]
  /** Grows each time somebody else changes the row. */
  readonly byOthers: number
}

export interface Section {
  readonly group: Group
  readonly taskIds: readonly TaskId[]
  /** How many of them are completed. */
  readonly done: number
}

export interface Totals {
  readonly byBody: ReadonlyMap<BodyId, Workload>
  readonly byRole: ReadonlyMap<Role, number>
}

type Topic = 'sections' | 'totals' | `row:${TaskId}`

/**
 * The matrix as plain values with fine-grained news: a component hears of its own row only. Built once per document;
 * `dispose` stops listening.
 */
export interface MatrixView {
  sections(): readonly Section[]
  row(id: TaskId): Row | null
  totals(): Totals
  subscribe(topic: Topic, hear: () => void): () => void
  /** Hears which tasks somebody else has just changed. */
  onRemote(hear: (tasks: ReadonlySet<TaskId>) => void): () => void
  dispose(): void
}

/** Fields that decide where a row stands and what its section's head counts. */
const STRUCTURE: readonly (keyof Task)[] = ['groupId', 'order', 'status']

const NOTHING: ReadonlySet<TaskId> = new Set()

export function matrixView(matrix: MatrixDocument): MatrixView {
  const rows = new Map<TaskId, Row>()
  const listeners = new Map<Topic, Set<() => void>>()
  const remoteListeners = new Set<(tasks: ReadonlySet<TaskId>) => void>()
  const dirtyTasks = new Set<TaskId>()
  const dirtyCells = new Set<TaskId>()
  let proposals = proposalsByTask(matrix)
  let proposalsDirty = false
  let structureDirty = false
  let sections: readonly Section[] = []
  let totals: Totals | null = null

  const readEverything = (): void => {
    rows.clear()
    const roles = readAllRoles(matrix)
    for (const task of readTasks(matrix)) {
      const ofTask = shownProposals(matrix, proposals.get(task.id))
      rows.set(task.id, { task, roles: roles.get(task.id) ?? new Map(), proposals: ofTask, byOthers: 0 })
    }
    sections = sectionsOf(readGroups(matrix), rows)
  }

  const onTasks = (events: readonly Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    for (const event of events) {
      const [id] = event.path
      if (id !== undefined) {
        dirtyTasks.add(id as TaskId)
        continue
      }
      structureDirty = true
      // A row that comes back brings its proposals.
      proposalsDirty = true
      for (const key of event.changes.keys.keys()) dirtyTasks.add(key as TaskId)
    }
  }
  const onRoles = (event: Y.YMapEvent<CellsOfTask>): void => {
    for (const key of event.keysChanged) {
      const cell = parseCellKey(key)
      if (cell.ok) dirtyCells.add(cell.value.task)
    }
  }
  const onGroups = (): void => {
    structureDirty = true
  }
  const onProposals = (): void => {
    proposalsDirty = true
  }

  /** Returns the tasks whose proposals have changed. */
  const readProposalsAnew = (): ReadonlySet<TaskId> => {
    proposalsDirty = false
    const before = proposals
    proposals = proposalsByTask(matrix)
    const states = (list: readonly Proposal[] = []): string =>
      list.map(({ id, decision }) => `${id} ${decision?.state}`).join()
    const tasks = [...before.keys(), ...proposals.keys()]
    return new Set(tasks.filter((task) => states(before.get(task)) !== states(proposals.get(task))))
  }
  const tell = (topic: Topic): void => {
    for (const hear of listeners.get(topic) ?? []) hear()
  }
  const afterTransaction = (transaction: Y.Transaction): void => {
    const changedProposals = proposalsDirty ? readProposalsAnew() : NOTHING
    const touched = new Set([...dirtyTasks, ...dirtyCells, ...changedProposals])
    if (touched.size === 0 && !structureDirty) return
    // Opening a document brings thousands of rows in one transaction: then everything is read in one pass.
    const many = touched.size > 200
    const allRoles = many ? readAllRoles(matrix) : null
    for (const id of touched) {
      const before = rows.get(id)
      const task = dirtyTasks.has(id) || before === undefined ? readTask(matrix, id) : before.task
      if (task === null) {
        rows.delete(id)
        structureDirty = true
        continue
      }
      structureDirty ||= before === undefined || STRUCTURE.some((field) => before.task[field] !== task[field])
      const sameCells = before !== undefined && !dirtyCells.has(id) && before.task.lead === task.lead
      rows.set(id, {
        task,
        roles: sameCells ? before.roles : (allRoles?.get(id) ?? rolesOfTask(matrix, id)),
        proposals: shownProposals(matrix, proposals.get(id)),
        byOthers: (before?.byOthers ?? 0) + (transaction.local ? 0 : 1),
      })
    }
    totals = null
    dirtyTasks.clear()
    dirtyCells.clear()
    if (structureDirty) {
      structureDirty = false
      sections = sectionsOf(readGroups(matrix), rows)
      tell('sections')
    }
    for (const id of touched) tell(`row:${id}`)
    tell('totals')
    if (!transaction.local) for (const hear of remoteListeners) hear(touched)
  }

  readEverything()
  matrix.tasks.observeDeep(onTasks)
  matrix.roles.observe(onRoles)
  matrix.groups.observeDeep(onGroups)
  matrix.proposals.observeDeep(onProposals)
  matrix.doc.on('afterTransaction', afterTransaction)

  return {
    sections: () => sections,
    row: (id) => rows.get(id) ?? null,
    totals: () => (totals ??= totalsOf(rows)),
    subscribe(topic, hear) {
      const heard = listeners.get(topic) ?? new Set()
      listeners.set(topic, heard.add(hear))
      return () => {
        heard.delete(hear)
        if (heard.size === 0 && listeners.get(topic) === heard) listeners.delete(topic)
      }
    },
    onRemote(hear) {
      remoteListeners.add(hear)
      return () => remoteListeners.delete(hear)
    },
    dispose() {
      matrix.tasks.unobserveDeep(onTasks)
      matrix.roles.unobserve(onRoles)
      matrix.groups.unobserveDeep(onGroups)
      matrix.proposals.unobserveDeep(onProposals)
      matrix.doc.off('afterTransaction', afterTransaction)
    },
  }
}

function sectionsOf(groups: readonly Group[], rows: ReadonlyMap<TaskId, Row>): readonly Section[] {
  const tasks = new Map<GroupId, Task[]>(groups.map((group) => [group.id, []]))
  for (const { task } of rows.values()) tasks.get(task.groupId)?.push(task)
  return groups.map((group) => {
    const own = (tasks.get(group.id) ?? []).toSorted((a, b) =>
      a.order === b.order ? compare(a.id, b.id) : compare(a.order, b.order),
    )
    return {
      group,
      taskIds: own.map((task) => task.id),
      done: own.filter((task) => task.status === 'accepted').length,
    }
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function totalsOf(rows: ReadonlyMap<TaskId, Row>): Totals {
  const byRole = new Map<Role, number>()
  for (const { roles } of rows.values()) {
    for (const held of roles.values()) for (const role of held) byRole.set(role, (byRole.get(role) ?? 0) + 1)
  }
  return { byBody: workloads(new Map([...rows].map(([id, row]) => [id, row.roles]))), byRole }
}
