import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { matrixOf } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { FILM } from '@dongbo/testkit/matrices.ts'
import { coordinator, person } from '@dongbo/testkit/people.ts'
import { encodeRaw, NO_DELETES, rawItem } from '@dongbo/testkit/rawUpdate.ts'
import { House } from '@dongbo/testkit/seats.ts'
import { seq } from '../ports/updateLog.ts'

const TITLE = 'Phim tài liệu'
/** Longer than a room stays in memory without anybody. */
const LONG_IDLE_MS = 10_000

const type =
  (insert: string) =>
  (matrix: MatrixDocument): void =>
    editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 0, insert }, null)

describe('rooms load when somebody comes and leave memory when nobody is left', () => {
  test('one load for those who come at once; put away after a while with a snapshot; loaded again later', async () => {
    const house = new House()
    const document = await house.create()
    expect(house.registry.figures()).toMatchObject({ rooms: 0, sockets: 0 })
    const [one, two] = await Promise.all([house.enter(document, coordinator()), house.enter(document, person())])
    expect(house.log.loads).toBe(1)
    expect(house.registry.figures()).toMatchObject({ rooms: 1, sockets: 2 })
    one.edit(type('A'))
    await house.settle()

    one.leave()
    house.clock.advance(LONG_IDLE_MS)
    await house.settle()
    expect(house.registry.figures(), 'somebody is still in it').toMatchObject({ rooms: 1, sockets: 1 })
    two.leave()
    house.clock.advance(LONG_IDLE_MS)
    await house.settle()
    expect(house.registry.figures()).toMatchObject({ rooms: 0, sockets: 0 })

    const stored = await house.log.store.load(document)
    expect(stored?.snapshot?.upTo).toBe(2)
    expect(stored?.tail).toEqual([])
    const again = await house.enter(document, person())
    expect(house.log.loads).toBe(2)
    expect(readTask(again.matrix, FILM)?.titleVi).toBe(`A${TITLE}`)
  })

  test('who comes back in time finds the room warm', async () => {
    const house = new House()
    const document = await house.create()
    const seat = await house.enter(document, coordinator())
    seat.leave()
    house.clock.advance(1_000)
    const back = await house.enter(document, coordinator())
    house.clock.advance(LONG_IDLE_MS)
    await house.settle()
    expect(house.log.loads).toBe(1)
    expect(back.closed).toBeNull()
  })

  test('who comes while the snapshot is written keeps the room', async () => {
    const house = new House()
    const document = await house.create()
    const seat = await house.enter(document, coordinator())
    seat.edit(type('A'))
    await house.settle()
    seat.leave()
    house.log.holdsSnapshots = true
    house.clock.advance(LONG_IDLE_MS)
    await house.settle()
    const visitor = await house.enter(document, person())
    house.log.release()
    await house.settle()
    expect(visitor.closed).toBeNull()
    expect(house.log.loads).toBe(1)
    visitor.edit(type('B'))
    await house.settle()
    expect(visitor.takeTypes()).toEqual(['saved'])
  })

  test('the last one leaves during a commit: the room stays until it is durable', async () => {
    const house = new House()
    const document = await house.create()
    const seat = await house.enter(document, coordinator())
    house.log.holdsAppends = true
    seat.edit(type('A'))
    await house.settle()
    seat.leave()
    house.clock.advance(LONG_IDLE_MS)
    await house.settle()
    expect(house.registry.figures()).toMatchObject({ rooms: 1, waiting: 0 })
    house.log.release()
    await house.settle()
    house.clock.advance(LONG_IDLE_MS)
    await house.settle()
    expect(house.registry.figures()).toMatchObject({ rooms: 0 })
    expect(readTask(await house.durable(document), FILM)?.titleVi).toBe(`A${TITLE}`)
  })

  test('a snapshot that cannot be kept loses nothing and does not hold the room in memory for ever', async () => {
    const house = new House()
    const document = await house.create()
    const seat = await house.enter(document, coordinator())
    seat.edit(type('A'))
    await house.settle()
    seat.leave()
    house.log.nextFailure = new Error('disk full')
    house.clock.advance(LONG_IDLE_MS)
    await house.settle()
    expect(house.reports).toEqual(['failed snapshot'])
    expect(house.registry.figures()).toMatchObject({ rooms: 0 })
    const again = await house.enter(document, person())
    expect(readTask(again.matrix, FILM)?.titleVi).toBe(`A${TITLE}`)
  })
})

describe('a room holds bytes, and a live document only while somebody writes', () => {
  test('opening, reading and coming back need none; writing does, until nobody has written for a while', async () => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, coordinator())
    const reader = await house.enter(document, person())
    reader.ask()
    // As y-websocket does when it is asked: it has nothing beyond the document.
    reader.sendUpdate(Uint8Array.of(0, 0))
    expect(reader.takeTypes()).toEqual(['answer', 'saved'])
    expect(house.registry.figures()).toMatchObject({ rooms: 1, liveRooms: 0 })
    author.edit(type('A'))
    await house.settle()
    expect(house.registry.figures()).toMatchObject({ liveRooms: 1, tailEntries: 1 })
    house.clock.advance(20_000)
    author.edit(type('B'))
    await house.settle()
    house.clock.advance(20_000)
    await house.settle()
    expect(house.registry.figures(), 'somebody has written meanwhile').toMatchObject({ liveRooms: 1 })
    house.clock.advance(20_000)
    await house.settle()
    expect(house.registry.figures()).toMatchObject({ rooms: 1, liveRooms: 0 })
    reader.edit(type('C'))
    await house.settle()
    house.clock.advance(1_000)
    expect(house.registry.figures()).toMatchObject({ liveRooms: 1 })
    for (const seat of [author, reader, await house.enter(document, person())]) {
      seat.take()
      expect(readTask(seat.matrix, FILM)?.titleVi).toBe(`CBA${TITLE}`)
    }
  })

  test('what is not yet durable is not let go of', async () => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, coordinator())
    house.log.holdsAppends = true
    author.edit(type('A'))
    await house.settle()
    house.clock.advance(100_000)
    expect(house.registry.figures()).toMatchObject({ liveRooms: 1 })
    house.log.release()
    await house.settle()
    house.clock.advance(100_000)
    expect(house.registry.figures()).toMatchObject({ liveRooms: 0 })
    expect(author.takeTypes()).toContain('saved')
  })

  test('with the document a long tail becomes part of the base, and a snapshot of it is kept', async () => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, coordinator())
    for (let i = 0; i < 30; i++) author.edit(type('A'))
    await house.settle()
    house.clock.advance(100)
    expect(house.registry.figures()).toMatchObject({ tailEntries: 30 })
    house.clock.advance(40_000)
    await house.settle()
    expect(house.registry.figures()).toMatchObject({ tailEntries: 0, tailBytes: 0, liveRooms: 0 })
    expect((await house.log.store.load(document))?.snapshot?.upTo).toBe(31)
    const late = await house.enter(document, person())
    expect(readTask(late.matrix, FILM)?.titleVi).toBe(`${'A'.repeat(30)}${TITLE}`)
  })

  test('a document that does not load is found when it is built: nothing is judged on half of it', async () => {
    const house = new House()
    const document = await house.create()
    // Well formed, and its left neighbour is nowhere.
    const update = encodeRaw({
      structs: [rawItem(7, 0, new Y.ContentString('x'), { origin: Y.createID(8, 3) })],
      deletes: NO_DELETES,
    })
    const entry = { document, seq: seq(2), update, personId: null, bodyId: null, at: house.clock.now() }
    await house.log.store.append({ entries: [entry], newOwners: [] })
    const seat = await house.join(document, coordinator())
    seat.edit((matrix) => matrix.tasks.set('x', new Y.Map()))
    expect(seat.closed).toBe('overloaded')
    expect(house.reports).toEqual(['failed load'])
  })
})

describe('a load that fails never yields an empty room', () => {
  test('the store is away: nobody is let in, the next one is', async () => {
    const house = new House()
    const document = await house.create()
    house.log.nextFailure = new Error('connection lost')
    await expect(house.join(document, coordinator())).rejects.toThrow('overloaded')
    expect(house.reports).toEqual(['failed load'])
    expect(house.registry.figures()).toMatchObject({ rooms: 0 })
    const seat = await house.enter(document, coordinator())
    expect(readTask(seat.matrix, FILM)?.titleVi).toBe(TITLE)
  })

  test.each([
    ['bytes that do not load', Uint8Array.of(1, 1, 9, 0, 4, 1, 1, 0x72, 0)],
    ['an entry that builds on what is not there', Uint8Array.of(1, 1, 9, 5, 0, 1, 0)],
  ])('%s: the document stays closed and the log as it is', async (_what, update) => {
    const house = new House()
    const document = await house.create()
    const entry = { document, seq: seq(2), update, personId: null, bodyId: null, at: house.clock.now() }
    await house.log.store.append({ entries: [entry], newOwners: [] })
    const before = await house.log.store.load(document)
    await expect(house.join(document, coordinator())).rejects.toThrow('overloaded')
    await expect(house.join(document, coordinator())).rejects.toThrow('overloaded')
    expect(await house.log.store.load(document)).toEqual(before)
  })

  test('a document that was never created is no document', async () => {
    const house = new House()
    await expect(house.join(matrixOf(trustedId<PlanId>('nowhere')), coordinator())).rejects.toThrow('no-such-document')
    expect(await house.log.list()).toEqual([])
  })
})

describe('snapshots', () => {
  test('a long log is folded while people work, and the snapshot loads to the same', async () => {
    const house = new House()
    const document = await house.create()
    const seat = await house.enter(document, coordinator())
    const reader = await house.enter(document, person())
    for (let i = 0; i < 610; i++) {
      seat.edit(type(String(i % 10)))
      await house.settle()
      if (i % 20 === 0) house.clock.advance(10_000)
    }
    house.clock.advance(100)
    await house.settle()
    const stored = await house.log.store.load(document)
    expect(stored?.snapshot).not.toBeNull()
    const loaded = new Y.Doc()
    Y.applyUpdate(loaded, stored?.snapshot?.update ?? new Uint8Array())
    for (const { update } of stored?.tail ?? []) Y.applyUpdate(loaded, update)
    expect(Y.encodeStateAsUpdate(loaded)).toEqual(Y.encodeStateAsUpdate((await house.durable(document)).doc))
    reader.take()
    expect(readTask(reader.matrix, FILM)?.titleVi).toBe(readTask(seat.matrix, FILM)?.titleVi)
    const late = await house.enter(document, person())
    expect(readTask(late.matrix, FILM)?.titleVi).toBe(readTask(seat.matrix, FILM)?.titleVi)
  })
})

describe('the server stops', () => {
  test('everything is durable before anybody is sent away, and nobody is let in any more', async () => {
    const house = new House()
    const document = await house.create()
    const seat = await house.enter(document, coordinator())
    house.log.holdsAppends = true
    seat.edit(type('A'))
    await house.settle()
    const stopped = house.registry.close('restart')
    await expect(house.join(document, person())).rejects.toThrow('restart')
    expect(seat.closed).toBeNull()
    house.log.release()
    await stopped
    expect(seat.closed).toBe('restart')
    expect(seat.takeTypes()).toContain('saved')
    const stored = await house.log.store.load(document)
    expect(stored?.snapshot?.upTo).toBe(2)
  })
})
