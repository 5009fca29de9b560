import { seededRandom } from '@dongbo/kernel/random.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { openMatrix, taskText } from '@dongbo/model/matrix/shape.ts'
import { socketWith } from '@dongbo/testkit/liveTab.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { desks, type Desk } from './marks.ts'
import { onPostgres, type Place } from './place.ts'
import { cycles, report, SEED } from './settings.ts'
import { ShuffledLine } from './shuffledLine.ts'

const SEEDS = cycles(8)
const CLIENTS = 3
const EDITS = 12
const SEED_LIMIT_MS = 30_000

let place: Place

beforeAll(async () => {
  place = await onPostgres()
})
afterAll(async () => {
  await place?.remove()
})

/** y-websocket's own client, without our acknowledgements: they count frames, and here frames are doubled. */
async function stockClient({ email, task }: Desk, url: string) {
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(`${url.replace('http', 'ws')}/sync/matrix`, 'kh-2026', doc, {
    WebSocketPolyfill: socketWith(await place.office.cookieOf(email), url),
    disableBc: true,
  })
  const matrix = openMatrix(doc)
  return {
    provider,
    content: () => JSON.stringify(doc.toJSON()),
    /** False while the document has not arrived: then there is nothing to type into. */
    edit(text: string): boolean {
      if (taskText(matrix, task, 'noteVi') === null) return false
      editTaskText(matrix, task, 'noteVi', { index: 0, remove: 0, insert: text }, 'a person')
      return true
    },
    shows: async (isWanted: () => boolean) => {
      while (!isWanted()) {
        await new Promise<void>((resolve) => {
          doc.once('update', () => resolve())
        })
      }
    },
  }
}

type StockClient = Awaited<ReturnType<typeof stockClient>>

async function synced({ provider }: StockClient): Promise<void> {
  while (!provider.synced) {
    await new Promise<void>((resolve) => {
      provider.once('sync', () => resolve())
    })
  }
}

async function oneSeed(seed: number): Promise<{ readonly disturbed: number; readonly typed: number }> {
  const random = seededRandom(seed)
  const line = await ShuffledLine.to(place.server.url, random)
  const url = `http://127.0.0.1:${line.port}`
  const places = desks()
  const clients: StockClient[] = []
  try {
    for (let index = 0; index < CLIENTS; index++) {
      const desk = places[(seed * CLIENTS + index) % places.length]
      if (desk !== undefined) clients.push(await stockClient(desk, url))
    }
    const typed: string[] = []
    for (let edit = 0; edit < EDITS; edit++) {
      const client = clients[random.below(clients.length)]
      const mark = `<${seed}.${edit}>`
      if (client?.edit(mark) === true) typed.push(mark)
      for (let turns = random.below(6); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
    }
    line.calm()
    // A fresh greeting each: what the shuffling has cost is asked for again, as after any loss of a line.
    for (const { provider } of clients) {
      const gone = new Promise<void>((resolve) => {
        provider.once('connection-close', () => resolve())
      })
      const wasThere = provider.wsconnected
      provider.disconnect()
      if (wasThere) await gone
      provider.connect()
    }
    await Promise.all(clients.map(synced))
    for (const client of clients) {
      await client.shows(() => typed.every((mark) => client.content().split(mark).length === 2))
      await client.shows(() => client.content() === clients[0]?.content())
    }
    return { disturbed: line.disturbed, typed: typed.length }
  } finally {
    for (const { provider } of clients) provider.destroy()
    line.close()
  }
}

test(
  'row 32: frames come late, in another order, twice and again: every copy shows the same, each edit once',
  async () => {
    let disturbed = 0
    let typed = 0
    for (let seed = SEED; seed < SEED + SEEDS; seed++) {
      const run = await oneSeed(seed)
      disturbed += run.disturbed
      typed += run.typed
    }
    expect(disturbed).toBeGreaterThan(SEEDS)
    expect(typed).toBeGreaterThan(SEEDS)
    report('row 32', {
      seeds: SEEDS,
      edits: typed,
      'frames out of order or doubled': disturbed,
      'copies that differ': 0,
    })
  },
  60_000 + SEEDS * SEED_LIMIT_MS,
)
