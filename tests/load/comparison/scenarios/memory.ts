import { Author, matrixState, MEGABYTE_TASKS, taskId } from '../documents.ts'
import { filled, mb, on, untilQuiet, type Scenario } from '../scenario.ts'
import type { SyncClient } from '../syncClient.ts'

const DOCUMENTS = 24

/** Many documents of a megabyte, each open with one person: first nobody writes, then somebody writes in every one. */
export const memory: Scenario = {
  title: `${DOCUMENTS} matrices of 1 MB, each open with one person`,
  targets: ['ours', 'hocuspocus', 'y-websocket-server'],
  async run(target, options) {
    const state = matrixState(MEGABYTE_TASKS)
    return await on(target, { people: DOCUMENTS, documents: DOCUMENTS, state }, options, async (server) => {
      const before = await server.memory()
      const clients: SyncClient[] = []
      for (let document = 0; document < DOCUMENTS; document++)
        clients.push(await filled(server, document, state.length, document))
      await untilQuiet(server.pid)
      const idle = await server.memory()
      for (const client of clients) new Author(client, state).set(taskId(0), 'bộ')
      await untilQuiet(server.pid)
      const written = await server.memory()
      for (const client of clients) client.close()
      const each = (bytes: number): number => bytes / DOCUMENTS / 2 ** 20
      return {
        idleRssMb: each(idle.rss - before.rss),
        idleUsedMb: each(idle.used - before.used),
        writtenRssMb: each(written.rss - before.rss),
        writtenUsedMb: each(written.used - before.used),
      }
    })
  },
  lines: [
    {
      what: 'memory per document, nobody writes',
      key: 'idleUsedMb',
      show: mb,
      goals: { hocuspocus: 0.1, 'y-websocket-server': 0.1 },
    },
    { what: 'the same, as the system sees it', key: 'idleRssMb', show: mb },
    {
      what: 'memory per document, each being written',
      key: 'writtenUsedMb',
      show: mb,
      goals: { hocuspocus: 1.1, 'y-websocket-server': 1.1 },
    },
    { what: 'the same, as the system sees it', key: 'writtenRssMb', show: mb },
  ],
}
