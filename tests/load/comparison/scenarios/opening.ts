import { matrixState, MEGABYTE_TASKS } from '../documents.ts'
import type { MeasuredServer } from '../measuredServer.ts'
import { median } from '../../figures.ts'
import { Probe, sleep } from '../probe.ts'
import { filled, msOf, on, type Scenario } from '../scenario.ts'
import { SyncClient } from '../syncClient.ts'

const OPENS = 60
/** Not counted: what is warm is the server's code too, which the engine compiles when it has run often enough. */
const WARM_UP_OPENS = 300
const AT_ONCE = 50
/** Between two who open one after the other. */
const PAUSE_MS = 20
const SETTLE_MS = 500

/** @returns how long each waited for the document */
async function openInTurn(server: MeasuredServer, times: number, pauseMs: number): Promise<readonly number[]> {
  const opened: number[] = []
  for (let index = 0; index < times; index++) {
    const client = await new SyncClient(server.address(0, 1 + (index % AT_ONCE))).ready
    opened.push(client.openedInMs)
    client.close()
    await sleep(pauseMs)
  }
  return opened
}

/** Opening a document of a megabyte that somebody has open: one after the other, then fifty at once. */
export const opening: Scenario = {
  title: 'Opening a matrix of 1 MB that is open already',
  targets: ['ours', 'hocuspocus', 'y-websocket-server'],
  async run(target, options) {
    const state = matrixState(MEGABYTE_TASKS)
    return await on(target, { people: AT_ONCE + 1, documents: 1, state }, options, async (server) => {
      const first = await filled(server, 0, state.length)
      await sleep(SETTLE_MS)
      await openInTurn(server, WARM_UP_OPENS, 0)
      const probe = await Probe.start(server)
      const opened = await openInTurn(server, OPENS, PAUSE_MS)
      const alone = probe.end()
      await sleep(SETTLE_MS)
      const crowdProbe = await Probe.start(server)
      const started = performance.now()
      const crowd = Array.from({ length: AT_ONCE }, (_, index) => new SyncClient(server.address(0, index + 1)))
      await Promise.all(crowd.map((client) => client.ready))
      const allMs = performance.now() - started
      const together = crowdProbe.end()
      for (const client of [first, ...crowd]) client.close()
      return {
        cpuMsPerOpen: (alone.cpuSeconds * 1_000) / OPENS,
        p50: median(opened),
        allMs,
        crowdCpuMs: together.cpuSeconds * 1_000,
        fromUs: alone.fromUs,
        untilUs: together.untilUs,
        wireKb: (crowd[0]?.documentBytes ?? 0) / 1_000,
      }
    })
  },
  lines: [
    {
      what: 'processor per opening',
      key: 'cpuMsPerOpen',
      show: msOf,
      goals: { hocuspocus: 0.15, 'y-websocket-server': 0.15 },
    },
    {
      what: 'until the document is there, p50',
      key: 'p50',
      show: msOf,
      guard: { text: '≤ 10 ms', holds: (ours) => ours <= 10 },
    },
    {
      what: `${AT_ONCE} at once: until all have it`,
      key: 'allMs',
      show: msOf,
      goals: { hocuspocus: 0.15, 'y-websocket-server': 0.15 },
    },
    { what: 'the same, processor', key: 'crowdCpuMs', show: msOf },
  ],
}
