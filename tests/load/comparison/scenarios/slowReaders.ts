import { Author, matrixState, taskId } from '../documents.ts'
import { marker, scanMarkers } from '../markers.ts'
import { percentileOrNull, rssMb, sleep } from '../probe.ts'
import { count, filled, msOf, on, type Scenario } from '../scenario.ts'
import { openAll, SyncClient } from '../syncClient.ts'

const PEOPLE = 60
const STALLED = 50
const WRITERS = 8
const EDIT_EVERY_MS = 25
/** Each writer rewrites so many notes in turn. */
const NOTES = 20
/** A note and the one that it replaces stay within the longest text that our model takes. */
const NOTE_UNITS = 3_900
const STALLED_MS = 8_000
const CATCH_UP_MS = 3_000
const SAMPLE_EVERY_MS = 200

/** Most of a room stops reading for eight seconds while eight people paste pages. */
export const slowReaders: Scenario = {
  title: `One room, ${STALLED} of ${PEOPLE} stop reading for ${STALLED_MS / 1_000} s while ${(WRITERS * 1_000) / EDIT_EVERY_MS} pages a second are written`,
  targets: ['ours', 'hocuspocus', 'y-websocket-server'],
  async run(target, options) {
    const state = matrixState(WRITERS * NOTES)
    return await on(target, { people: PEOPLE, documents: 1, state }, options, async (server) => {
      const writtenAt: number[][] = Array.from({ length: WRITERS }, () => [])
      const newest = Array.from({ length: PEOPLE }, () => new Int32Array(WRITERS).fill(-1))
      const latencies: number[] = []
      const reading = PEOPLE - STALLED
      const first = await filled(server, 0, state.length)
      const clients = await openAll(
        PEOPLE,
        (index) =>
          new SyncClient(server.address(0, index), {
            onUpdate(message) {
              const now = performance.now()
              const mine = newest[index]
              scanMarkers(message, (writer, edit) => {
                if (mine === undefined || writer === index || edit <= (mine[writer] ?? 0)) return
                mine[writer] = edit
                if (index < reading) latencies.push(now - (writtenAt[writer]?.[edit] ?? now))
              })
            },
          }),
      )
      first.close()
      const lost: string[] = []
      for (const client of clients) client.onLost = (why) => void lost.push(why)
      const authors = clients.slice(0, WRITERS).map((client) => new Author(client, state))
      const stalled = clients.slice(reading)
      const page = 'x'.repeat(NOTE_UNITS)
      // What opening left behind would otherwise hide the growth.
      const { used: usedBefore } = await server.memory()
      const before = rssMb(server.pid)
      let peak = before
      for (const { raw } of stalled) raw.pause()
      const timer = setInterval(() => {
        for (const [writer, author] of authors.entries()) {
          const times = writtenAt[writer] ?? []
          times.push(performance.now())
          const note = taskId(writer * NOTES + (times.length % NOTES))
          author.rewrite(note, marker(writer, times.length - 1) + page)
        }
      }, EDIT_EVERY_MS)
      for (let waited = 0; waited < STALLED_MS; waited += SAMPLE_EVERY_MS) {
        await sleep(SAMPLE_EVERY_MS)
        peak = Math.max(peak, rssMb(server.pid))
      }
      clearInterval(timer)
      const { used } = await server.memory()
      const heardBefore = stalled.reduce((sum, { raw }) => sum + raw.bytesIn, 0)
      for (const { raw } of stalled) raw.resume()
      await sleep(CATCH_UP_MS)
      const heard = stalled.reduce((sum, { raw }) => sum + raw.bytesIn, 0) - heardBefore
      const hasAll = (index: number): boolean =>
        writtenAt.every((times, writer) => writer === index || newest[index]?.[writer] === times.length - 1)
      const converged = Array.from({ length: PEOPLE }, (_, index) => index).filter(hasAll).length
      for (const client of clients) client.close()
      if (lost.length > 0) console.error(`  ${target}: ${lost.length} sockets were closed: ${lost[0]}`)
      return {
        grownMb: peak - before,
        keptMb: (used - usedBefore) / 2 ** 20,
        converged,
        closed: lost.length,
        written: writtenAt.flat().length,
        p50: percentileOrNull(latencies, 50),
        p99: percentileOrNull(latencies, 99),
        caughtUpMb: heard / STALLED / 1e6,
      }
    })
  },
  lines: [
    {
      what: 'growth of the process’s memory',
      key: 'grownMb',
      show: (value) => `${Math.round(value)} MB`,
      goals: { hocuspocus: 0.5, 'y-websocket-server': 0.5 },
    },
    { what: 'of it kept when garbage is collected', key: 'keptMb', show: (value) => `${Math.round(value)} MB` },
    {
      what: `who has everything ${CATCH_UP_MS / 1_000} s after reading on, of ${PEOPLE}`,
      key: 'converged',
      show: count,
      guard: { text: String(PEOPLE), holds: (ours) => ours === PEOPLE },
    },
    { what: 'an edit until it is at one who reads, p99', key: 'p99', show: msOf },
    { what: 'sent to each who reads on', key: 'caughtUpMb', show: (value) => `${value.toFixed(1)} MB` },
  ],
}
