import { Author, matrixState, taskId } from '../documents.ts'
import { marker, scanMarkers } from '../markers.ts'
import { percentileOrNull, Probe, sleep } from '../probe.ts'
import {
  cores,
  filled,
  msOf,
  on,
  percent,
  us,
  type Line,
  type Measured,
  type Middle,
  type Run,
  type Scenario,
} from '../scenario.ts'
import { openAll, SyncClient } from '../syncClient.ts'

const EDITS_PER_WRITER_PER_S = 5
/**
 * A server runs for weeks, and the engine compiles what has run some thousands of times: at 200 edits a second that takes
 * a while. Ours does more for each edit than the others and is twice as dear before.
 */
const WARM_UP_MS = 15_000
const MEASURED_MS = 8_000
/** What was written in the last moment may still arrive. */
const LATE_MS = 1_500

interface Size {
  readonly people: number
  readonly writers: number
}

/** One room: some write five times a second, everybody hears everything. */
function fanOut({ people, writers }: Size): Run {
  const state = matrixState(writers)
  return async (target, options) =>
    await on(target, { people, documents: 1, state }, options, async (server): Promise<Measured> => {
      const sentAt: number[][] = Array.from({ length: writers }, () => [])
      const latencies: number[] = []
      const savedAfter: number[] = []
      const unsaved: { count: number; at: number }[][] = Array.from({ length: writers }, () => [])
      let delivered = 0
      let measuredFrom = Number.POSITIVE_INFINITY
      let isCounting = false

      const first = await filled(server, 0, state.length)
      const clients = await openAll(people, (index) => {
        const seen = new Int32Array(writers).fill(-1)
        return new SyncClient(server.address(0, index), {
          onUpdate(message) {
            const now = performance.now()
            scanMarkers(message, (writer, edit) => {
              // One writer's edits come in order; some servers send an author his own back.
              if (writer === index || edit <= (seen[writer] ?? 0)) return
              seen[writer] = edit
              const at = sentAt[writer]?.[edit] ?? 0
              if (at < measuredFrom) return
              latencies.push(now - at)
              if (isCounting) delivered++
            })
          },
          onSaved(saved) {
            const waiting = unsaved[index]
            const now = performance.now()
            while (waiting?.[0] !== undefined && waiting[0].count <= saved) {
              const { at } = waiting.shift() ?? { at: 0 }
              if (at >= measuredFrom) savedAfter.push(now - at)
            }
          },
        })
      })
      first.close()

      const authors = clients.slice(0, writers).map((client) => new Author(client, state))
      const timers: NodeJS.Timeout[] = []
      const period = 1_000 / EDITS_PER_WRITER_PER_S
      for (const [writer, author] of authors.entries()) {
        const times = sentAt[writer] ?? []
        const edit = (): void => {
          times.push(performance.now())
          author.type(taskId(writer), marker(writer, times.length - 1))
          unsaved[writer]?.push({ count: clients[writer]?.sent ?? 0, at: times.at(-1) ?? 0 })
        }
        // Each at his own moment, as people are.
        timers.push(setTimeout(() => timers.push(setInterval(edit, period)), (period * writer) / writers))
      }
      await sleep(WARM_UP_MS)
      const bytesBefore = bytesOf(clients)
      const probe = await Probe.start(server)
      measuredFrom = performance.now()
      isCounting = true
      await sleep(MEASURED_MS)
      const spent = probe.end()
      isCounting = false
      const bytes = bytesOf(clients) - bytesBefore
      for (const timer of timers) clearTimeout(timer)
      await sleep(LATE_MS)
      for (const client of clients) client.close()
      return {
        usPerDelivery: delivered === 0 ? null : (spent.cpuSeconds * 1e6) / delivered,
        p50: percentileOrNull(latencies, 50),
        p99: percentileOrNull(latencies, 99),
        savedP50: percentileOrNull(savedAfter, 50),
        savedP99: percentileOrNull(savedAfter, 99),
        bytesPerDelivery: delivered === 0 ? null : bytes / delivered,
        arrived: (delivered / spent.seconds / (writers * EDITS_PER_WRITER_PER_S * (people - 1))) * 100,
        cores: spent.cores,
        storeCores: spent.storeCores,
        generatorBusy: spent.generatorBusy,
        fromUs: spent.fromUs,
        untilUs: spent.untilUs,
      }
    })
}

function bytesOf(clients: readonly SyncClient[]): number {
  return clients.reduce((sum, client) => sum + client.raw.bytesIn, 0)
}

const ALWAYS: readonly Line[] = [
  { what: 'an edit until it is at another, p50', key: 'p50', show: msOf },
  { what: 'an edit until it is acknowledged, p50', key: 'savedP50', show: msOf },
  { what: 'the same, p99', key: 'savedP99', show: msOf },
  { what: 'PostgreSQL’s processors beside it', key: 'storeCores', show: cores },
  { what: 'of what should arrive each second, arrives', key: 'arrived', show: percent },
]

/** A commit is what an edit of ours waits for before anybody hears of it: its author hears of it at once. */
function limitOfP99(middle: Middle): number | null {
  const commit = middle('ours', 'savedP50')
  const theirs = PEERS.flatMap((peer) => middle(peer, 'p99') ?? [])
  return commit === null || theirs.length === 0 ? null : 1.3 * Math.min(...theirs) + commit
}

const PEERS = ['hocuspocus', 'hocuspocus-20', 'y-websocket-server'] as const

export const fanOut200: Scenario = {
  title: 'One room, 200 people, 200 edits a second',
  targets: ['ours', ...PEERS],
  run: fanOut({ people: 200, writers: 40 }),
  lines: [
    {
      what: 'processor per delivered edit',
      key: 'usPerDelivery',
      show: us,
      goals: { hocuspocus: 0.7, 'hocuspocus-20': 0.9, 'y-websocket-server': 0.7 },
    },
    {
      what: 'an edit until it is at another, p99',
      key: 'p99',
      show: msOf,
      limit: { rule: '1.3 × the quickest of theirs and a commit', of: limitOfP99 },
    },
    { what: 'processors in use', key: 'cores', show: cores },
    ...ALWAYS,
  ],
}

export const fanOut500: Scenario = {
  title: 'One room, 500 people, 300 edits a second',
  targets: ['ours', ...PEERS],
  run: fanOut({ people: 500, writers: 60 }),
  lines: [
    {
      what: 'processor per delivered edit',
      key: 'usPerDelivery',
      show: us,
      goals: { hocuspocus: 0.5, 'y-websocket-server': 0.15 },
    },
    {
      what: 'an edit until it is at another, p99',
      key: 'p99',
      show: msOf,
      guard: { text: '≤ 60 ms', holds: (ours) => ours <= 60 },
    },
    ...ALWAYS,
    {
      what: 'processors in use',
      key: 'cores',
      show: cores,
      guard: { text: '< 0.5', holds: (ours) => ours < 0.5 },
    },
  ],
}
