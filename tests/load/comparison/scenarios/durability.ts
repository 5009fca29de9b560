import * as Y from 'yjs'
import { openMatrix, taskText } from '@dongbo/model/matrix/shape.ts'
import { Author, matrixState, taskId } from '../documents.ts'
import { marker, scanMarkers } from '../markers.ts'
import type { MeasuredServer } from '../measuredServer.ts'
import { percentileOrNull, sleep } from '../probe.ts'
import { count, filled, msOf, on, type Scenario } from '../scenario.ts'
import { SyncClient } from '../syncClient.ts'
import { readVarUint } from '../varUint.ts'

const TYPING_MS = 5_000
const EDIT_EVERY_MS = 100
const WRITERS = 5
/** Peers hand out an empty document first and what they kept a moment later. */
const KEPT_COMES_WITHIN_MS = 1_500

interface Edit {
  readonly mark: string
  readonly at: number
  /** Its number among its author's document messages. */
  readonly count: number
}

/** Five people type; in the middle of it the server is killed. Nobody who has seen an edit comes back with it. */
export const durability: Scenario = {
  title: `${WRITERS} people type ${WRITERS * (1_000 / EDIT_EVERY_MS)} edits a second, then SIGKILL; the peers with a store of their own`,
  targets: ['ours', 'hocuspocus', 'y-websocket-server'],
  async run(target, options) {
    const state = matrixState(WRITERS)
    const world = { people: WRITERS + 1, documents: 1, state, stored: true }
    return await on(target, world, { ...options, profileDir: null }, async (server) => {
      const edits: Edit[][] = []
      const seen = new Set<string>()
      const acknowledged = new Set<string>()
      const savedAfter: number[] = []
      const first = await filled(server, 0, state.length)
      const reader = await new SyncClient(server.address(0, WRITERS), {
        onUpdate: (message) => scanMarkers(message, (writer, edit) => seen.add(marker(writer, edit))),
      }).ready
      const timers: NodeJS.Timeout[] = []
      const clients: SyncClient[] = [first, reader]
      for (let writer = 0; writer < WRITERS; writer++) {
        const mine: Edit[] = []
        let next = 0
        const client: SyncClient = await new SyncClient(server.address(0, writer), {
          onSaved(saved) {
            for (; (mine[next]?.count ?? Number.POSITIVE_INFINITY) <= saved; next++) {
              const edit = mine[next]
              if (edit === undefined) return
              acknowledged.add(edit.mark)
              savedAfter.push(performance.now() - edit.at)
            }
          },
        }).ready
        clients.push(client)
        edits.push(mine)
        const author = new Author(client, state)
        const type = (): void => {
          const mark = marker(writer, mine.length)
          mine.push({ mark, at: performance.now(), count: client.sent + 1 })
          author.type(taskId(writer), mark)
        }
        timers.push(setTimeout(() => timers.push(setInterval(type, EDIT_EVERY_MS)), (writer * EDIT_EVERY_MS) / WRITERS))
      }
      await sleep(TYPING_MS)
      // What is known up to the kill counts; what arrives while it is being killed does too.
      await server.kill()
      for (const timer of timers) clearTimeout(timer)
      for (const client of clients) client.close()
      await server.restart()
      const kept = await keptText(server)
      const lost = (marks: Iterable<string>): number => [...marks].filter((mark) => !kept.includes(mark)).length
      return {
        typed: edits.flat().length,
        acknowledged: acknowledged.size,
        lostAcknowledged: lost(acknowledged),
        seen: seen.size,
        lostSeen: lost(seen),
        savedP50: percentileOrNull(savedAfter, 50),
        savedP99: percentileOrNull(savedAfter, 99),
      }
    })
  },
  lines: [
    {
      what: 'acknowledged edits that are gone',
      key: 'lostAcknowledged',
      show: count,
      guard: { text: '0', holds: (ours) => ours === 0 },
    },
    {
      what: 'edits seen by another that are gone',
      key: 'lostSeen',
      show: count,
      guard: { text: '0', holds: (ours) => ours === 0 },
    },
    { what: 'of so many seen', key: 'seen', show: count },
    {
      what: 'an edit until it is acknowledged, p50',
      key: 'savedP50',
      show: msOf,
      guard: { text: '≤ 15 ms', holds: (ours) => ours <= 15 },
    },
    {
      what: 'the same, p99',
      key: 'savedP99',
      show: msOf,
      guard: { text: '≤ 100 ms', holds: (ours) => ours <= 100 },
    },
  ],
}

/** All titles, as somebody finds them who comes after the restart. */
async function keptText(server: MeasuredServer): Promise<string> {
  const doc = new Y.Doc()
  const client = await new SyncClient(server.address(0, WRITERS), {
    onUpdate(message, bodyAt) {
      const [length, from] = readVarUint(message, bodyAt)
      Y.applyUpdate(doc, message.subarray(from, from + length))
    },
  }).ready
  await sleep(KEPT_COMES_WITHIN_MS)
  client.close()
  const matrix = openMatrix(doc)
  return Array.from({ length: WRITERS }, (_, writer) => taskText(matrix, taskId(writer), 'titleVi')?.toString()).join()
}
