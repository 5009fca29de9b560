import type { Connection } from '@dongbo/db/connect.ts'
import { trustedId, type BodyId, type TaskId } from '@dongbo/model/ids.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { readCellRoles, readTask } from '@dongbo/model/matrix/read.ts'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { CLOSE_CODES } from '@dongbo/protocol/closeCodes.ts'
import { examineDocuments } from '@dongbo/server/compose/examineDocuments.ts'
import { socketWith } from '@dongbo/testkit/liveTab.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { demoServer, type DemoServer } from './demoServer.ts'

const TASK = trustedId<TaskId>('NV-I-2')
const SVHTT = trustedId<BodyId>('svhtt')
const SDL = trustedId<BodyId>('sdl')
const ORIGIN = 'a person'

interface StockTab {
  readonly matrix: MatrixDocument
  /** Resolves once the document is as wanted: awaits its changes, never a time. */
  until(isWanted: (matrix: MatrixDocument) => boolean): Promise<void>
  readonly closed: Promise<number>
  leave(): void
}

/** y-websocket's own client, as anybody may use it, signed in with a cookie. */
async function stockTab(server: DemoServer, account: string): Promise<StockTab> {
  const cookie = await server.signIn(account)
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(`${server.origin.replace('http', 'ws')}/sync/matrix`, 'kh-2026', doc, {
    WebSocketPolyfill: socketWith(cookie, server.origin),
    disableBc: true,
  })
  const closed = new Promise<number>((resolve) => {
    provider.on('connection-close', (event) => {
      if (event === null) return
      provider.shouldConnect = false
      resolve(event.code)
    })
  })
  await new Promise<void>((resolve) => {
    provider.once('sync', () => resolve())
  })
  const matrix = openMatrix(doc)
  return {
    matrix,
    closed,
    until: (isWanted) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isWanted(matrix)) return
          doc.off('update', look)
          resolve()
        }
        doc.on('update', look)
        look()
      }),
    leave: () => provider.destroy(),
  }
}

function titleIn(matrix: MatrixDocument): string {
  return readTask(matrix, TASK)?.titleVi ?? ''
}

/** Two bodies and a server that stops and starts, seen by stock clients, over the database that `open` gives. */
export function stockClientStory(engine: string, open: () => Promise<Connection>): void {
  describe(`stock y-websocket clients, ${engine}`, () => {
    let connection: Connection
    let server: DemoServer

    /** Stopping the server leaves the database open for the next one. */
    async function startServer(): Promise<void> {
      server = await demoServer({}, { ...connection, close: async () => undefined })
      await server.listen()
    }

    beforeAll(async () => {
      connection = await open()
      await startServer()
    })
    afterAll(async () => {
      await server.stop()
      await connection.close()
    })

    test('what two bodies type at once stays, through a restart, on every screen and in the log', async () => {
      const coordinator = await stockTab(server, 'coordinator')
      const lead = await stockTab(server, 'svhtt.officer')
      const before = titleIn(lead.matrix)
      editTaskText(coordinator.matrix, TASK, 'titleVi', { index: 0, remove: 0, insert: 'Đầu ' }, ORIGIN)
      editTaskText(lead.matrix, TASK, 'titleVi', { index: before.length, remove: 0, insert: ' cuối' }, ORIGIN)
      const both = (matrix: MatrixDocument) => titleIn(matrix) === `Đầu ${before} cuối`
      await Promise.all([coordinator.until(both), lead.until(both)])

      await server.stop()
      expect(await lead.closed).toBe(CLOSE_CODES.restart.code)
      coordinator.leave()
      lead.leave()
      await startServer()
      const fresh = await stockTab(server, 'sdl.officer')
      expect(titleIn(fresh.matrix)).toBe(`Đầu ${before} cuối`)
      fresh.leave()
      const [diagnosis] = await examineDocuments(connection.database)
      expect(diagnosis).toMatchObject({ document: 'matrix/kh-2026', findings: [] })
      expect(diagnosis?.entries).toBeGreaterThan(1)
    })

    test('one’s own cell is taken; another body’s is refused whole, and nobody sees it', async () => {
      const [officer, bystander] = [await stockTab(server, 'sdl.officer'), await stockTab(server, 'coordinator')]
      const own = readCellRoles(officer.matrix, TASK, SDL)
      setCellRoles(officer.matrix, TASK, SDL, [...own, 'advise'], ORIGIN)
      await bystander.until((matrix) => readCellRoles(matrix, TASK, SDL).includes('advise'))

      const theirs = readCellRoles(bystander.matrix, TASK, SVHTT)
      setCellRoles(officer.matrix, TASK, SVHTT, ['inform'], ORIGIN)
      expect(await officer.closed).toBe(CLOSE_CODES['write-refused'].code)
      officer.leave()
      const fresh = await stockTab(server, 'sdl.approver')
      expect(readCellRoles(fresh.matrix, TASK, SVHTT)).toEqual(theirs)
      expect(readCellRoles(bystander.matrix, TASK, SVHTT)).toEqual(theirs)
      fresh.leave()
      bystander.leave()
    })

    test('an observer reads and writes nothing', async () => {
      const observer = await stockTab(server, 'admin')
      expect(titleIn(observer.matrix)).not.toBe('')
      editTaskText(observer.matrix, TASK, 'titleVi', { index: 0, remove: 0, insert: 'x' }, ORIGIN)
      expect(await observer.closed).toBe(CLOSE_CODES['write-refused'].code)
      observer.leave()
    })
  })
}
