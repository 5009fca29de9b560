import { describe, expect, test } from 'vitest'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import {
  DOCUMENT_GROWTH_BYTES,
  GROWTH_WINDOW_MS,
  PERSON_WINDOW_ASKS,
  PERSON_WINDOW_BYTES,
  PERSON_WINDOW_JOINS,
  PERSON_WINDOW_MESSAGES,
  QUEUE_LIMIT_BYTES,
  RATE_WINDOW_BYTES,
  RATE_WINDOW_MESSAGES,
  RATE_WINDOW_MS,
  SLOW_READER_BYTES,
} from '@dongbo/protocol/limits.ts'
import { updateMessage } from '@dongbo/protocol/messages.ts'
import { FILM } from '@dongbo/testkit/matrices.ts'
import { coordinator, CULTURE, person } from '@dongbo/testkit/people.ts'
import { House, type Seat } from '@dongbo/testkit/seats.ts'

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

describe('budgets of one person, over all his sockets and however often he comes', () => {
  const flood = async (house: House, document: DocumentName, who: Principal): Promise<Seat> => {
    const seat = await house.enter(document, who)
    for (let i = 1; i < RATE_WINDOW_MESSAGES && seat.closed === null; i++) seat.send(NOTHING)
    return seat
  }

  test('messages: no socket sends too many, all of them do; nobody else is stopped', async () => {
    const house = new House()
    const document = await house.create()
    const other = await house.enter(document, person())
    const busy: Seat[] = []
    for (let sent = 0; sent < PERSON_WINDOW_MESSAGES; sent += RATE_WINDOW_MESSAGES) {
      busy.push(await flood(house, document, coordinator()))
    }
    expect(busy.map(({ closed }) => closed)).toEqual(busy.map(() => null))
    const more = await flood(house, document, coordinator())
    expect(more.closed).toBe('slow-down')
    other.edit(type('x'))
    await house.settle()
    expect(other.takeTypes()).toContain('saved')
    house.clock.advance(RATE_WINDOW_MS)
    expect((await flood(house, document, coordinator())).closed).toBeNull()
  })

  test('bytes, spread over sockets that come and go', async () => {
    const house = new House()
    const document = await house.create()
    const large = updateMessage(new Uint8Array(1_000_000))
    let sent = 0
    let closed: Seat['closed'] = null
    while (closed !== 'slow-down' && sent < 3 * PERSON_WINDOW_BYTES) {
      // Garbage closes its socket with each frame.
      const seat = await house.join(document, coordinator())
      seat.send(large)
      closed = seat.closed
      sent += large.length
    }
    expect(closed).toBe('slow-down')
    expect(sent).toBeLessThan(PERSON_WINDOW_BYTES + 2 * large.length)
  })

  test('coming in: a crowd of sockets waits outside, and so long nobody else does', async () => {
    const house = new House()
    const [one, two] = [await house.create('kh-1'), await house.create('kh-2')]
    for (let i = 0; i < PERSON_WINDOW_JOINS; i++) {
      const seat = await house.join(i % 2 === 0 ? one : two, coordinator())
      seat.leave()
    }
    await expect(house.join(one, coordinator())).rejects.toThrow('slow-down')
    await expect(house.join(two, coordinator())).rejects.toThrow('slow-down')
    expect((await house.enter(one, person())).closed).toBeNull()
    house.clock.advance(RATE_WINDOW_MS)
    expect((await house.enter(two, coordinator())).closed).toBeNull()
  })

  test('asks for the document, a few from each of many sockets', async () => {
    const house = new House()
    const document = await house.create()
    let asks = 0
    for (let socket = 0; socket < 100; socket++) {
      const seat = await house.join(document, coordinator())
      for (let i = 0; i < 5; i++) seat.ask()
      if (seat.closed !== null) break
      asks += 5
    }
    expect(asks).toBeGreaterThan(PERSON_WINDOW_ASKS - 6)
    expect(asks).toBeLessThanOrEqual(PERSON_WINDOW_ASKS)
  })
})

describe('the growth of one document', () => {
  test('is bounded over all who write it; it goes on a minute later, and other documents go on', async () => {
    const house = new House()
    const [document, elsewhere] = [await house.create('kh-1'), await house.create('kh-2')]
    const page = 'x'.repeat(7_000)
    let seat = await house.enter(document, coordinator())
    let grown = 0
    let asked = 0
    while (seat.closed === null && grown < 2 * DOCUMENT_GROWTH_BYTES) {
      if (asked++ % 250 === 249) {
        // Within one minute, past the budgets of the person.
        house.clock.advance(RATE_WINDOW_MS / 4)
        seat.leave()
        seat = await house.enter(document, coordinator())
      }
      grown += seat.edit(type(page)).length
      seat.edit((matrix) => editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: page.length, insert: '' }, null))
      if (asked % 20 === 0) await house.settle()
    }
    expect(seat.closed).toBe('slow-down')
    expect(grown).toBeGreaterThan(DOCUMENT_GROWTH_BYTES * 0.9)
    expect((await house.enter(elsewhere, coordinator())).closed).toBeNull()
    const other = await house.enter(document, person())
    other.edit(type('of somebody who has written little'))
    await house.settle()
    house.clock.advance(70)
    await house.settle()
    expect(other.takeTypes()).toContain('saved')
    house.clock.advance(GROWTH_WINDOW_MS)
    const back = await house.enter(document, coordinator())
    back.edit(type('B'))
    await house.settle()
    expect(back.takeTypes()).toContain('saved')
  })
})
