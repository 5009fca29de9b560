import { generateNKeysBetween } from 'fractional-indexing'
import * as Y from 'yjs'
import { connect } from '@dongbo/db/connect.ts'
import { lockFolder } from '@dongbo/db/folderLock.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { instant } from '@dongbo/kernel/clock.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { TASK_TEXTS } from '@dongbo/model/matrix/fields.ts'
import { NEW_TASK, readGroups, readTasks } from '@dongbo/model/matrix/read.ts'
import { cellKey, openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { trustedId, type BodyId, type TaskId } from '@dongbo/model/ids.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { PARTICIPATION_ROLES } from '@dongbo/model/role.ts'
import { demoBodies } from '@dongbo/demo/demoBodies.ts'
import { replay } from '@dongbo/sync/room/replay.ts'
import { seq } from '@dongbo/sync/ports/updateLog.ts'
import { DEMO_MATRIX } from '@dongbo/testkit/liveTab.ts'

/** A body has a part in one task of so many. */
const CELL_EVERY = 4

/** Adds tasks to the demo matrix until it has `tasks`, as one entry of the log. The server must not run on the folder. */
export async function growMatrix(dataDir: string, tasks: number): Promise<void> {
  const connection = await connect({ engine: 'pglite', lock: lockFolder(dataDir) })
  try {
    const log = databaseUpdateLog(connection.database)
    const stored = await log.load(DEMO_MATRIX)
    if (stored === null) throw new Error('there is no demo matrix to grow')
    const { doc, upTo } = replay(stored)
    const matrix = openMatrix(doc)
    const before = Y.encodeStateVector(doc)
    doc.transact(() => addTasks(matrix, tasks - readTasks(matrix).length))
    const found = matrixViolations(matrix)
    if (found.length > 0) throw new Error(found[0])
    const entry = { document: DEMO_MATRIX, seq: seq(upTo + 1), personId: null, bodyId: null, at: instant(Date.now()) }
    await log.append({ entries: [{ ...entry, update: Y.encodeStateAsUpdate(doc, before) }], newOwners: [] })
  } finally {
    await connection.close()
  }
}

function addTasks(matrix: MatrixDocument, count: number): void {
  const random = seededRandom(1)
  const bodies = demoBodies()
    .filter((body) => body.validTo === null)
    .slice(0, 40)
  const group = readGroups(matrix).at(-1)
  if (group === undefined) throw new Error('the demo matrix has groups')
  const last = readTasks(matrix)
    .filter((task) => task.groupId === group.id)
    .at(-1)
  for (const [index, order] of generateNKeysBetween(last?.order ?? null, null, count).entries()) {
    const id = trustedId<TaskId>(`NV-B-${index + 1}`)
    const lead = trustedId<BodyId>(bodies[random.below(bodies.length)]?.id ?? '')
    const map = new Y.Map<unknown>()
    const values = { ...NEW_TASK, groupId: group.id, order, code: `B.${index + 1}`, lead, deadline: '2026-12-15' }
    for (const [field, value] of Object.entries(values)) map.set(field, value)
    for (const field of Object.keys(TASK_TEXTS)) {
      const text =
        field === 'titleVi' ? `Tổ chức hoạt động quảng bá số ${index + 1} tại các quận, huyện và trên mạng xã hội` : ''
      map.set(field, new Y.Text(text))
    }
    matrix.tasks.set(id, map)
    for (const body of bodies) {
      const role = PARTICIPATION_ROLES[random.below(PARTICIPATION_ROLES.length)]
      if (body.id !== lead && role !== undefined && random.below(CELL_EVERY) === 0)
        matrix.roles.set(cellKey(id, trustedId<BodyId>(body.id)), [role])
    }
  }
}
