import { expect, test } from 'vitest'
import { instant, type Clock } from '@dongbo/kernel/clock.ts'
import { matrixOf, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PersonId, type PlanId } from '@dongbo/model/ids.ts'
import { HeldLog } from '@dongbo/testkit/heldLog.ts'
import { manualClock } from '@dongbo/testkit/manualClock.ts'
import { fencingToken, type FencingToken } from '../ports/leases.ts'
import { seq, type LogBatch, type LogEntry, type Seq } from '../ports/updateLog.ts'
import type { Committer } from './commitLane.ts'
import { CommitQueue } from './commitQueue.ts'

const clock = manualClock()
const entry = (document: DocumentName, position: number): LogEntry => ({
  document,
  seq: seq(position),
  update: Uint8Array.of(0, 0),
  personId: null,
  bodyId: null,
  at: clock.now(),
})

interface Witness extends Committer {
  readonly heard: (Seq | string)[]
}

async function room(log: HeldLog, plan: string): Promise<Witness> {
  const document = matrixOf(trustedId<PlanId>(plan))
  await log.create(entry(document, 1), 'generation-1')
  const heard: (Seq | string)[] = []
  return {
    document,
    fence: null,
    heard,
    committed: (upTo) => void heard.push(upTo),
    failed: (because) => void heard.push(because),
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('what arrives while a commit runs is the next group, of all rooms together', async () => {
  const log = new HeldLog()
  const [a, b] = [await room(log, 'kh-a'), await room(log, 'kh-b')]
  const queue = new CommitQueue(log, clock)
  log.holdsAppends = true
  queue.add(a, entry(a.document, 2), [])
  await settle()
  queue.add(a, entry(a.document, 3), [])
  queue.add(b, entry(b.document, 2), [{ clientId: 7, personId: trustedId<PersonId>('p') }])
  queue.add(a, entry(a.document, 4), [])
  expect(queue.figures()).toMatchObject({ commits: 0, waiting: 3 })
  expect([a.heard, b.heard]).toEqual([[], []])
  log.release()
  await settle()
  expect([a.heard, b.heard]).toEqual([[2], []])
  log.release()
  await queue.drained()
  expect([a.heard, b.heard]).toEqual([[2, 4], [2]])
  expect(log.batches.map(({ entries }) => entries.length)).toEqual([1, 3])
  expect(log.batches[1]?.newOwners).toEqual([{ clientId: 7, personId: 'p', document: b.document }])
  expect(queue.figures()).toEqual({ commits: 2, entries: 4, lastGroup: 3, waiting: 0 })
})

test('a log out of reach is told to each room once, without trying them all; the queue goes on', async () => {
  const log = new HeldLog()
  const rooms = await Promise.all('a b c d e f g h i j k l'.split(' ').map((plan) => room(log, `kh-${plan}`)))
  const queue = new CommitQueue(log, clock)
  log.objects = () => new Error('connection lost')
  for (const one of rooms) queue.add(one, entry(one.document, 2), [])
  await queue.drained()
  expect(rooms.map(({ heard }) => heard)).toEqual(rooms.map(() => ['unreachable']))
  // All together, and eight by themselves.
  expect(log.batches).toHaveLength(9)
  log.objects = () => null
  const [first] = rooms
  if (first === undefined) throw new Error('there are twelve')
  queue.add(first, entry(first.document, 2), [])
  await queue.drained()
  expect(first.heard).toEqual(['unreachable', 2])
})

test('an entry that the log will not take fails its own room and no other', async () => {
  const log = new HeldLog()
  const [a, b, c] = [await room(log, 'kh-a'), await room(log, 'kh-b'), await room(log, 'kh-c')]
  const queue = new CommitQueue(log, clock)
  log.objects = ({ entries }) =>
    entries.some(({ document }) => document === b.document) ? new Error('bad entry') : null
  for (const one of [a, b, c]) queue.add(one, entry(one.document, 2), [])
  await queue.drained()
  expect([a.heard, b.heard, c.heard]).toEqual([[2], ['unreachable'], [2]])
})

test('a room in conflict fails by itself', async () => {
  const log = new HeldLog()
  const [a, b] = [await room(log, 'kh-a'), await room(log, 'kh-b')]
  const queue = new CommitQueue(log, clock)
  queue.add(a, entry(a.document, 1), [])
  queue.add(b, entry(b.document, 2), [])
  await queue.drained()
  expect([a.heard, b.heard]).toEqual([['conflict'], [2]])
  expect((await log.load(a.document))?.tail).toHaveLength(1)
})

test('a room that cannot take what was committed is told so, and the others and the queue go on', async () => {
  const log = new HeldLog()
  const [a, b] = [await room(log, 'kh-a'), await room(log, 'kh-b')]
  const queue = new CommitQueue(log, clock)
  const broken: Witness = {
    ...a,
    committed() {
      throw new Error('a defect')
    },
  }
  queue.add(broken, entry(a.document, 2), [])
  queue.add(b, entry(b.document, 2), [])
  await queue.drained()
  expect([broken.heard, b.heard]).toEqual([['unreachable'], [2]])
  queue.add(b, entry(b.document, 3), [])
  await queue.drained()
  expect(b.heard).toEqual([2, 3])
})

test('alone a commit begins at once; without end they wait for each other, and nothing that waits is forgotten', async () => {
  const own = manualClock()
  const log = new HeldLog()
  const a = await room(log, 'kh-pace')
  const queue = new CommitQueue(log, own)
  for (let position = 2; position <= 9; position++) {
    queue.add(a, entry(a.document, position), [])
    await settle()
  }
  expect(a.heard).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
  for (const position of [10, 11, 12]) queue.add(a, entry(a.document, position), [])
  await settle()
  expect([a.heard.at(-1), queue.figures().waiting]).toEqual([9, 3])
  const isSettled = queue.settled(a.document)
  own.advance(100)
  await isSettled
  expect([a.heard.at(-1), log.batches.length]).toEqual([12, 9])
  queue.add(a, entry(a.document, 13), [])
  await settle()
  expect(a.heard.at(-1)).toBe(13)
})

test('what was judged under a lease is written under it, also when its room has ended meanwhile', async () => {
  const log = new HeldLog()
  const a = await room(log, 'kh-fence')
  const queue = new CommitQueue(log, clock)
  const judged: Committer & { fence: FencingToken | null } = { ...a, fence: fencingToken(5) }
  queue.add(judged, entry(a.document, 2), [])
  judged.fence = null
  await queue.drained()
  expect(log.batches[0]?.fences).toEqual(new Map([[a.document, 5]]))
})

test('a clock that is set back an hour holds no commit up', async () => {
  let now = clock.now()
  const waits: number[] = []
  const jumping: Clock = { now: () => now, after: (ms, task) => (waits.push(ms), setImmediate(task), () => undefined) }
  const log = new HeldLog()
  const a = await room(log, 'kh-clock')
  const queue = new CommitQueue(log, jumping)
  for (let position = 2; position <= 20; position++) {
    if (position === 11) now = instant(now - 3_600_000)
    queue.add(a, entry(a.document, position), [])
    await queue.drained()
  }
  expect(a.heard.at(-1)).toBe(20)
  expect(Math.max(...waits)).toBeLessThanOrEqual(64)
})

test('a document that waits for a row which somebody else holds keeps nobody else waiting', async () => {
  const own = manualClock()
  const log = new HeldLog()
  const [locked, b, c] = [await room(log, 'kh-l'), await room(log, 'kh-m'), await room(log, 'kh-n')]
  const queue = new CommitQueue(log, own)
  const isOfLocked = ({ entries }: LogBatch): boolean => entries.some(({ document }) => document === locked.document)
  log.objects = (batch) => (isOfLocked(batch) ? new Error('canceling statement due to lock timeout') : null)
  for (const one of [locked, b, c]) queue.add(one, entry(one.document, 2), [])
  await queue.drained()
  expect([locked.heard, b.heard, c.heard]).toEqual([['unreachable'], [2], [2]])
  // Its people come back and write on; the try waits for the row.
  log.holdsAppends = true
  queue.add(locked, entry(locked.document, 2), [])
  await settle()
  log.holdsAppends = false
  for (const at of [3, 4]) {
    for (const one of [b, c]) queue.add(one, entry(one.document, at), [])
    await settle()
    expect([locked.heard, b.heard.at(-1), c.heard.at(-1)]).toEqual([['unreachable'], at, at])
  }
  // What comes meanwhile is behind it, and in the order of the log; a load waits for both.
  log.objects = () => null
  queue.add(locked, entry(locked.document, 3), [])
  let isSettled = false
  const settled = queue.settled(locked.document).then(() => (isSettled = true))
  await settle()
  expect([queue.figures().waiting, isSettled]).toEqual([1, false])
  log.release()
  await settled
  expect(locked.heard).toEqual(['unreachable', 2, 3])
  // In good standing again it is committed together with the others.
  own.advance(10_000)
  log.batches.length = 0
  for (const [one, at] of [
    [locked, 4],
    [b, 5],
  ] as const)
    queue.add(one, entry(one.document, at), [])
  await queue.drained()
  expect(log.batches.map(({ entries }) => entries.length)).toEqual([2])
})
