import { Author, matrixState, taskId } from '../documents.ts'
import { marker, scanMarkers } from '../markers.ts'
import { percentileOrNull, Probe, sleep } from '../probe.ts'
import { cores, filled, msOf, on, type Scenario } from '../scenario.ts'
import { openAll, SyncClient } from '../syncClient.ts'

const PEOPLE = 300
const MOVES_PER_S = 5
const WRITERS = 2
const EDIT_EVERY_MS = 250
const WARM_UP_MS = 2_000
const MEASURED_MS = 8_000
/** Only one client in so many looks into what it hears of cursors: the generator has to stay cheaper than the server. */
const LOOKING = 10
/** Awareness ids of y-protocols: any will do, as long as they differ. */
const FIRST_ID = 1_000_001

/** Everybody moves his cursor while two write. */
export const cursors: Scenario = {
  title: `One room, ${PEOPLE} cursors that move ${MOVES_PER_S} times a second, ${WRITERS} people writing`,
  targets: ['ours', 'hocuspocus', 'y-websocket-server'],
  async run(target, options) {
    const state = matrixState(WRITERS)
    return await on(target, { people: PEOPLE, documents: 1, state }, options, async (server) => {
      const movedAt: number[][] = Array.from({ length: PEOPLE }, () => [])
      const editedAt: number[][] = Array.from({ length: WRITERS }, () => [])
      const cursorLatencies: number[] = []
      const editLatencies: number[] = []
      let measuredFrom = Number.POSITIVE_INFINITY
      const first = await filled(server, 0, state.length)
      const clients = await openAll(PEOPLE, (index) => {
        const seen = new Int32Array(PEOPLE).fill(-1)
        const read = new Int32Array(WRITERS).fill(-1)
        return new SyncClient(server.address(0, index), {
          onAwareness(message) {
            if (index % LOOKING !== 0) return
            const now = performance.now()
            scanMarkers(message, (who, move) => {
              if (who === index || move <= (seen[who] ?? 0)) return
              seen[who] = move
              const at = movedAt[who]?.[move] ?? 0
              if (at >= measuredFrom) cursorLatencies.push(now - at)
            })
          },
          onUpdate(message) {
            const now = performance.now()
            scanMarkers(message, (writer, edit) => {
              if (writer === index || edit <= (read[writer] ?? 0)) return
              read[writer] = edit
              const at = editedAt[writer]?.[edit] ?? 0
              if (at >= measuredFrom) editLatencies.push(now - at)
            })
          },
        })
      })
      first.close()
      const timers: NodeJS.Timeout[] = []
      const every = (ms: number, offsetMs: number, task: () => void): void =>
        void timers.push(setTimeout(() => timers.push(setInterval(task, ms)), offsetMs))
      for (const [index, client] of clients.entries())
        every(1_000 / MOVES_PER_S, (index * 1_000) / MOVES_PER_S / PEOPLE, () => {
          const times = movedAt[index] ?? []
          times.push(performance.now())
          client.sendState(FIRST_ID + index, times.length, cursorState(index, times.length - 1))
        })
      for (const [writer, times] of editedAt.entries()) {
        const client = clients[writer]
        if (client === undefined) throw new Error('a writer is missing')
        const author = new Author(client, state)
        every(EDIT_EVERY_MS, (writer * EDIT_EVERY_MS) / WRITERS, () => {
          times.push(performance.now())
          author.type(taskId(writer), marker(writer, times.length - 1))
        })
      }
      await sleep(WARM_UP_MS)
      const probe = await Probe.start(server)
      measuredFrom = performance.now()
      const bytesBefore = clients.reduce((sum, client) => sum + client.raw.bytesIn, 0)
      await sleep(MEASURED_MS)
      const spent = probe.end()
      for (const timer of timers) clearTimeout(timer)
      const bytes = clients.reduce((sum, client) => sum + client.raw.bytesIn, 0) - bytesBefore
      for (const client of clients) client.close()
      const looking = Math.ceil(PEOPLE / LOOKING)
      return {
        cores: spent.cores,
        cursorP50: percentileOrNull(cursorLatencies, 50),
        cursorP99: percentileOrNull(cursorLatencies, 99),
        editP50: percentileOrNull(editLatencies, 50),
        editP99: percentileOrNull(editLatencies, 99),
        freshPerS: cursorLatencies.length / looking / spent.seconds,
        mbPerS: bytes / spent.seconds / 1e6,
        generatorBusy: spent.generatorBusy,
        fromUs: spent.fromUs,
        untilUs: spent.untilUs,
      }
    })
  },
  lines: [
    { what: 'processors in use', key: 'cores', show: cores, goals: { hocuspocus: 0.2, 'y-websocket-server': 0.15 } },
    { what: 'an edit meanwhile, p99', key: 'editP99', show: msOf, goals: { hocuspocus: 1 } },
    {
      what: 'a cursor until it is at another, p99',
      key: 'cursorP99',
      show: msOf,
      guard: { text: '≤ 300 ms', holds: (ours) => ours <= 300 },
    },
    { what: 'the same, p50', key: 'cursorP50', show: msOf },
    { what: 'places heard by each a second', key: 'freshPerS', show: (value) => String(Math.round(value)) },
    { what: 'sent to all', key: 'mbPerS', show: (value) => `${value.toFixed(1)} MB/s` },
  ],
}

/** As a screen sends it. Ours takes the cursor and writes name and body itself. */
function cursorState(person: number, move: number): object {
  return {
    user: { name: `Chuyên viên p-${person}`, color: '#30bced', bodyId: 'bench' },
    cursor: {
      row: `T-${1 + ((move * 7) % 2_000)}`,
      field: 'titleVi',
      anchor: move % 80,
      head: move % 80,
      m: marker(person, move),
    },
  }
}
