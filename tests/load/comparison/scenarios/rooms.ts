import { Author, matrixState, taskId } from '../documents.ts'
import { marker, scanMarkers } from '../markers.ts'
import type { MeasuredServer } from '../measuredServer.ts'
import { percentileOrNull, Probe, sleep } from '../probe.ts'
import { cores, count, msOf, on, type Measured, type Scenario } from '../scenario.ts'
import { openAll, SyncClient } from '../syncClient.ts'

const ROOMS = 500
const PER_ROOM = 3
const TASKS = 20
const WARM_UP_MS = 2_000
const MEASURED_MS = 7_000
/** Everybody's document has come; what opening left to do is done by then. */
const SETTLE_MS = 3_000
/** Edits a second that no server here reaches in its luckiest room: so many are made before the clock starts. */
const FASTEST_PER_S = 30_000
/** Markers name fewer writers than this. */
const WRITERS = 1_296

interface Room {
  readonly writer: SyncClient
  prepared: readonly Buffer[]
  edit: number
  /** Of the other two, how many have not heard the last edit. */
  waiting: number
  at: number
  readonly seen: Int32Array
}

/** Many small rooms: one edit is on its way in each, and the next one follows when both others have it. */
async function rooms(server: MeasuredServer, state: Uint8Array): Promise<Measured> {
  const all: Room[] = []
  const latencies: number[] = []
  let isCounting = false
  let isOver = false
  let edits = 0
  let exhausted = 0
  const next = (room: Room): void => {
    const prepared = isOver ? undefined : room.prepared[room.edit + 1]
    if (prepared === undefined) {
      exhausted += isOver ? 0 : 1
      return
    }
    room.edit++
    room.waiting = PER_ROOM - 1
    room.at = performance.now()
    if (isCounting) edits++
    room.writer.sendPrepared(prepared)
  }
  const clients = await openAll(ROOMS * PER_ROOM, (index) => {
    const seat = index % PER_ROOM
    const document = Math.floor(index / PER_ROOM)
    return new SyncClient(server.address(document, index), {
      onUpdate(message) {
        const room = all[document]
        if (seat === 0 || room === undefined) return
        scanMarkers(message, (_, edit) => {
          if (edit <= (room.seen[seat] ?? 0) || edit > room.edit) return
          room.seen[seat] = edit
          if (isCounting) latencies.push(performance.now() - room.at)
          if (--room.waiting === 0) next(room)
        })
      },
    })
  })
  for (let index = 0; index < ROOMS; index++) {
    const writer = clients[index * PER_ROOM]
    if (writer === undefined) throw new Error('a room has no writer')
    server.fill(index, writer)
    const prepared = prepareEdits(writer, state, index)
    all.push({ writer, prepared, edit: -1, waiting: 0, at: 0, seen: new Int32Array(PER_ROOM).fill(-1) })
    // The sockets want to be read meanwhile.
    await sleep(0)
  }
  await sleep(SETTLE_MS)
  const lost: string[] = []
  for (const client of clients) client.onLost = (why) => void lost.push(why)
  for (const room of all) next(room)
  await sleep(WARM_UP_MS)
  const probe = await Probe.start(server)
  isCounting = true
  await sleep(MEASURED_MS)
  const spent = probe.end()
  isCounting = false
  isOver = true
  const { rss } = await server.memory()
  for (const client of clients) client.close()
  if (lost.length > 0) throw new Error(`${lost.length} sockets were closed: ${lost[0]}`)
  if (exhausted > 0) throw new Error(`${exhausted} rooms ran out of prepared edits: raise FASTEST_PER_S`)
  return {
    editsPerCpuS: edits / spent.cpuSeconds,
    editsPerS: edits / spent.seconds,
    p50: percentileOrNull(latencies, 50),
    p99: percentileOrNull(latencies, 99),
    cores: spent.cores,
    storeCores: spent.storeCores,
    rssMb: rss / 2 ** 20,
    generatorBusy: spent.generatorBusy,
    fromUs: spent.fromUs,
    untilUs: spent.untilUs,
  }
}

function prepareEdits(writer: SyncClient, state: Uint8Array, room: number): readonly Buffer[] {
  const prepared: Buffer[] = []
  const author = new Author(writer, state)
  author.divert((update) => prepared.push(writer.prepare(update)))
  const many = Math.ceil(((WARM_UP_MS + MEASURED_MS) / 1_000) * (FASTEST_PER_S / ROOMS)) + 5
  for (let edit = 0; edit < many; edit++) author.set(taskId(edit % TASKS), marker(room % WRITERS, edit))
  return prepared
}

export const manyRooms: Scenario = {
  title: `${ROOMS} rooms with ${PER_ROOM} people each, as fast as it goes`,
  targets: ['ours', 'hocuspocus', 'y-websocket-server'],
  async run(target, options) {
    const state = matrixState(TASKS)
    const world = { people: ROOMS * PER_ROOM, documents: ROOMS, state }
    return await on(target, world, options, async (server) => await rooms(server, state))
  },
  lines: [
    {
      what: 'edits per second of processor',
      key: 'editsPerCpuS',
      show: count,
      goals: { hocuspocus: 1.5, 'y-websocket-server': 1 },
      moreIsBetter: true,
    },
    { what: 'edits a second', key: 'editsPerS', show: count },
    { what: 'an edit until it is at another, p50', key: 'p50', show: msOf },
    { what: 'the same, p99', key: 'p99', show: msOf },
    { what: 'PostgreSQL’s processors beside it', key: 'storeCores', show: cores },
    { what: 'memory of the process afterwards', key: 'rssMb', show: (value) => `${Math.round(value)} MB` },
  ],
}
