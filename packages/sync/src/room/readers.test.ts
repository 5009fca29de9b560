import { describe, expect, test } from 'vitest'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import {
  QUEUE_LIMIT_BYTES,
  RATE_WINDOW_BYTES,
  RATE_WINDOW_MESSAGES,
  RATE_WINDOW_MS,
  SLOW_READER_BYTES,
} from '@dongbo/protocol/limits.ts'
import { updateMessage } from '@dongbo/protocol/messages.ts'
import { FILM } from '@dongbo/testkit/matrices.ts'
import { coordinator, CULTURE, person } from '@dongbo/testkit/people.ts'
import { House } from '@dongbo/testkit/seats.ts'

const type =
  (insert: string) =>
  (matrix: MatrixDocument): void =>
    editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 0, insert }, null)
const NOTHING = updateMessage(Uint8Array.of(0, 0))

describe('a reader that does not read (fault 29)', () => {
  test('has nothing queued, and hears everything in one message once it has drained', async () => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, coordinator())
    const slow = await house.enter(document, person())
    const quick = await house.enter(document, person({ bodyId: CULTURE }))
    slow.socket.queuedBytes = SLOW_READER_BYTES + 1
    for (const letter of ['1', '2', '3']) {
      author.edit(type(letter))
      await house.settle()
      house.clock.advance(500)
    }
    expect(slow.take()).toEqual([])
    expect(quick.takeTypes()).toEqual(['update', 'update', 'update'])

    // Half empty is not empty: it would be full again at once.
    slow.socket.queuedBytes = SLOW_READER_BYTES / 2
    house.clock.advance(500)
    expect(slow.takeTypes()).toEqual([])
    slow.socket.queuedBytes = 0
    house.clock.advance(500)
    expect(slow.takeTypes()).toEqual(['update'])
    expect(readTask(slow.matrix, FILM)?.titleVi).toBe('321Phim tài liệu')

    author.edit(type('4'))
    await house.settle()
    house.clock.advance(500)
    expect(slow.takeTypes()).toEqual(['update'])
    expect(readTask(slow.matrix, FILM)?.titleVi).toBe('4321Phim tài liệu')
  })

  test('gets the whole base when the log behind it was folded meanwhile', async () => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, coordinator())
    const slow = await house.enter(document, person())
    slow.socket.queuedBytes = SLOW_READER_BYTES + 1
    for (let i = 0; i < 230; i++) {
      author.edit(type('x'))
      await house.settle()
      house.clock.advance(i % 20 === 0 ? RATE_WINDOW_MS : 40)
    }
    slow.socket.queuedBytes = 0
    house.clock.advance(500)
    expect(slow.takeTypes().length).toBeLessThanOrEqual(2)
    expect(readTask(slow.matrix, FILM)?.titleVi).toBe(`${'x'.repeat(230)}Phim tài liệu`)
  })
})

describe('a reader who asks and does not read', () => {
  test('gets no second copy while the first is not taken', async () => {
    const house = new House()
    const document = await house.create()
    const seat = await house.enter(document, coordinator())
    seat.socket.queuedBytes = SLOW_READER_BYTES + 1
    seat.ask()
    expect(seat.closed).toBe('overloaded')
    expect(seat.takeTypes()).toEqual([])
  })

  test('is closed once more piles up than the largest document, whatever it is', async () => {
    const house = new House()
    const document = await house.create()
    const seat = await house.enter(document, coordinator())
    const other = await house.enter(document, person())
    seat.socket.queuedBytes = QUEUE_LIMIT_BYTES + 1
    seat.edit(type('x'))
    await house.settle()
    house.clock.advance(40)
    expect(seat.closed).toBe('overloaded')
    expect(seat.takeTypes()).toEqual([])
    expect(other.closed).toBeNull()
    expect(other.takeTypes()).toEqual(['update'])
  })
})

describe('budgets of one socket (faults 41, 46, 68)', () => {
  test('messages', async () => {
    const house = new House()
    const document = await house.create()
    const flood = await house.enter(document, coordinator())
    const calm = await house.enter(document, person())
    house.clock.advance(RATE_WINDOW_MS)
    for (let i = 0; i < RATE_WINDOW_MESSAGES; i++) flood.send(NOTHING)
    expect(flood.closed).toBeNull()
    flood.send(NOTHING)
    expect(flood.closed).toBe('slow-down')
    expect(calm.closed).toBeNull()
  })

  test('a new window is a new budget', async () => {
    const house = new House()
    const document = await house.create()
    const busy = await house.enter(document, coordinator())
    for (let window = 0; window < 3; window++) {
      house.clock.advance(RATE_WINDOW_MS)
      for (let i = 0; i < RATE_WINDOW_MESSAGES; i++) busy.send(NOTHING)
    }
    expect(busy.closed).toBeNull()
  })

  test('bytes, also of what is no longer listened to', async () => {
    const house = new House()
    const document = await house.create()
    const seat = await house.enter(document, person({ planRole: 'observer' }))
    seat.edit(type('x'))
    expect(seat.takeTypes()).toEqual(['refused'])
    house.clock.advance(RATE_WINDOW_MS)
    const frame = updateMessage(new Uint8Array(1_000_000))
    let sent = 0
    for (; seat.closed === null && sent < 3 * RATE_WINDOW_BYTES; sent += frame.length) seat.send(frame)
    expect(seat.closed).toBe('slow-down')
    expect(sent).toBeLessThan(RATE_WINDOW_BYTES + 2 * frame.length)
  })

  test('asks for the whole document', async () => {
    const house = new House()
    const document = await house.create()
    const seat = await house.join(document, coordinator())
    let asks = 0
    for (; seat.closed === null && asks < 100; asks++) seat.ask()
    expect(seat.closed).toBe('slow-down')
    expect(asks).toBeLessThan(10)
    expect(seat.takeTypes().filter((type) => type === 'answer').length).toBeLessThan(10)
  })
})
