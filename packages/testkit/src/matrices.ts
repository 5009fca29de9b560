import * as Y from 'yjs'
import { trustedId, type GroupId, type TaskId } from '@dongbo/model/ids.ts'
import { addGroup } from '@dongbo/model/matrix/operations/addGroup.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { plainDate } from '@dongbo/model/plainDate.ts'
import { CULTURE, OFFICE, TOURISM } from './people.ts'

export const SECTION = trustedId<GroupId>('I')
/** Led by tourism, in progress; culture coordinates, the office approves and monitors. */
export const FILM = trustedId<TaskId>('NV-I-1')
/** Led by culture, in progress; tourism coordinates. */
export const FAIR = trustedId<TaskId>('NV-I-2')
/** A draft without a lead. */
export const SURVEY = trustedId<TaskId>('NV-I-3')

/** A matrix of three tasks in one section, the same bytes every time. */
export function smallMatrix(): MatrixDocument {
  const doc = new Y.Doc()
  doc.clientID = 1
  const matrix = openMatrix(doc)
  doc.transact(() => {
    addGroup(matrix, { id: SECTION, nameVi: 'Quảng bá hình ảnh', nameEn: 'Promotion' }, null)
    const promised = { deadline: plainDate('2026-12-15'), status: 'in_progress' } as const
    addTask(
      matrix,
      {
        id: FILM,
        groupId: SECTION,
        values: { ...promised, code: 'I.1', lead: TOURISM },
        texts: { titleVi: 'Phim tài liệu', productVi: '3 phim' },
      },
      null,
    )
    addTask(
      matrix,
      {
        id: FAIR,
        groupId: SECTION,
        values: { ...promised, code: 'I.2', lead: CULTURE },
        texts: { titleVi: 'Hội chợ quốc tế', productVi: 'Gian hàng' },
      },
      null,
    )
    addTask(matrix, { id: SURVEY, groupId: SECTION, values: { code: 'I.3' }, texts: { titleVi: 'Khảo sát' } }, null)
    setCellRoles(matrix, FILM, CULTURE, ['coordinate'], null)
    setCellRoles(matrix, FILM, OFFICE, ['approve', 'monitor'], null)
    setCellRoles(matrix, FAIR, TOURISM, ['coordinate'], null)
  })
  return matrix
}

/** A replica as a client holds it: the same content, its own client id. */
export function replicaOf(matrix: MatrixDocument, clientId?: number): MatrixDocument {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(matrix.doc))
  if (clientId !== undefined) doc.clientID = clientId
  return openMatrix(doc)
}

/** The one update that `edit` makes on a replica, as its client would send it. */
export function updateOf(replica: MatrixDocument, edit: (replica: MatrixDocument) => void): Uint8Array {
  const before = Y.encodeStateVector(replica.doc)
  const updates: Uint8Array[] = []
  const keep = (update: Uint8Array): void => {
    updates.push(update)
  }
  replica.doc.on('update', keep)
  replica.doc.transact(() => edit(replica))
  replica.doc.off('update', keep)
  return updates[0] ?? Y.encodeStateAsUpdate(replica.doc, before)
}
