import { describe, expect, test } from 'vitest'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { BACKLOG_LIMIT_BYTES, BACKLOG_LIMIT_MS } from '@dongbo/protocol/limits.ts'
import { FILM, updateOf } from '@dongbo/testkit/matrices.ts'
import { coordinator, person } from '@dongbo/testkit/people.ts'
import { House, type Seat } from '@dongbo/testkit/seats.ts'

const TITLE = 'Phim tài liệu'
const type =
  (insert: string) =>
  (matrix: MatrixDocument): void =>
    editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 0, insert }, null)

describe('a log that does not keep up', () => {
  test('stops the reading from who writes, not from who reads, and loses nothing', async () => {
    const house = new House()
    const document = await house.create()
    const reader = await house.enter(document, person())
    house.log.holdsAppends = true
    // Several sockets of one person, so that no single budget is used up; what one tab writes, all of them say.
    const seats: Seat[] = []
    for (let i = 0; i < 4; i++) seats.push(await house.enter(document, coordinator()))
    const [writer] = seats
    if (writer === undefined) throw new Error('there are four')
    const page = 'x'.repeat(7_000)
    let bytes = 0
    let sent = 0
    while (bytes <= BACKLOG_LIMIT_BYTES) {
      expect(seats.some((seat) => seat.isPaused)).toBe(false)
      const isPage = sent % 2 === 0
      const change = isPage ? { index: 0, remove: 0, insert: page } : { index: 0, remove: page.length, insert: '' }
      const update = updateOf(writer.matrix, (matrix) => editTaskText(matrix, FILM, 'titleVi', change, null))
      seats[sent % seats.length]?.sendUpdate(update)
      bytes += update.length
      sent++
    }
    const last = seats[(sent - 1) % seats.length]
    expect(seats.filter((seat) => seat.isPaused)).toEqual([last])
    // What had arrived before it was paused is taken all the same, and stops its author too.
    const next = seats[sent % seats.length]
    next?.sendUpdate(updateOf(writer.matrix, type('y')))
    expect(next?.isPaused).toBe(true)
    expect([reader.isPaused, reader.closed]).toEqual([false, null])

    await house.settle()
    house.log.holdsAppends = false
    house.log.release()
    await house.settle()
    expect(seats.map((seat) => [seat.isPaused, seat.closed])).toEqual(seats.map(() => [false, null]))
    for (const seat of seats) expect(seat.takeTypes()).toContain('saved')
    const durable = readTask(await house.durable(document), FILM)?.titleVi
    expect(durable).toBe(readTask(writer.matrix, FILM)?.titleVi)
  })

  test('also when there is little of it, once it has waited long', async () => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, coordinator())
    const other = await house.enter(document, person())
    house.log.holdsAppends = true
    author.edit(type('1'))
    await house.settle()
    house.clock.advance(BACKLOG_LIMIT_MS)
    author.edit(type('2'))
    expect(author.isPaused).toBe(false)
    house.clock.advance(1)
    author.edit(type('3'))
    expect([author.isPaused, other.isPaused]).toEqual([true, false])
    // The first is durable, and what waits now has not been waiting for long.
    house.log.release()
    await house.settle()
    expect(author.isPaused).toBe(false)
    house.log.release()
    await house.settle()
    expect(readTask(await house.durable(document), FILM)?.titleVi).toBe(`321${TITLE}`)
  })

  test('holds back the writers of every document, and lets go when rooms end', async () => {
    const house = new House()
    const [one, two] = [await house.create('kh-1'), await house.create('kh-2')]
    const first = await house.enter(one, coordinator())
    const second = await house.enter(two, coordinator())
    house.log.holdsAppends = true
    first.edit(type('1'))
    await house.settle()
    house.clock.advance(BACKLOG_LIMIT_MS + 1)
    second.edit(type('2'))
    expect(second.isPaused).toBe(true)
    house.log.nextFailure = new Error('connection lost')
    house.log.holdsAppends = false
    house.log.release()
    await house.settle()
    expect(first.closed).toBe('overloaded')
    expect([second.isPaused, second.closed]).toEqual([false, null])
    expect(second.takeTypes()).toContain('saved')
  })

  test('what is refused or says nothing new does not wait', async () => {
    const house = new House()
    const document = await house.create()
    const officer = await house.enter(document, person({ planRole: 'observer' }))
    const other = await house.enter(document, coordinator())
    officer.edit(type('1'))
    other.answer(Uint8Array.of(0))
    house.clock.advance(BACKLOG_LIMIT_MS + 1)
    other.edit(type('2'))
    expect(other.isPaused).toBe(false)
  })

  test('an update that our own code fails on does not wait either', async () => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, coordinator())
    author.edit(type('1'))
    await house.settle()
    const grant = house.grants.get(coordinator().personId)
    if (grant === undefined || grant === null) throw new Error('he was let in')
    const defect = {
      get planStatus(): never {
        throw new Error('a defect')
      },
    }
    house.grants.set(coordinator().personId, { ...grant, plan: Object.assign(Object.create(defect), {}) })
    await house.registry.refreshGrants()
    expect(() => author.edit(type('2'))).toThrow('a defect')
    expect(house.registry.figures()).toMatchObject({ backlogBytes: 0, backlogMs: 0 })
  })
})
