import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import { taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { FAIR, FILM } from '@dongbo/testkit/matrices.ts'
import { coordinator, CULTURE, person, planFacts } from '@dongbo/testkit/people.ts'
import { encodeRaw, NO_DELETES, rawItem } from '@dongbo/testkit/rawUpdate.ts'
import { House, type Seat } from '@dongbo/testkit/seats.ts'
import { seq } from '../ports/updateLog.ts'

const type =
  (insert: string) =>
  (matrix: MatrixDocument): void =>
    editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 0, insert }, null)
const titleAt = ({ matrix }: Seat): string | undefined => readTask(matrix, FILM)?.titleVi
const TITLE = 'Phim tài liệu'

/** Longer than any telling window. */
const WINDOW_MS = 40

describe('durable before told', () => {
  test('until the commit nobody hears anything; then the author hears `saved`, the others one shared message', async () => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, coordinator())
    const others = [await house.enter(document, person()), await house.enter(document, person({ bodyId: CULTURE }))]
    house.log.holdsAppends = true

    author.edit(type('A'))
    await house.settle()
    house.clock.advance(WINDOW_MS)
    expect(house.log.batches).toHaveLength(1)
    for (const seat of [author, ...others]) expect(seat.takeTypes()).toEqual([])

    // Who opens the document meanwhile sees only what is durable.
    const newcomer = await house.enter(document, person())
    expect(titleAt(newcomer)).toBe(TITLE)

    house.log.release()
    await house.settle()
    house.clock.advance(WINDOW_MS)
    expect(author.take().filter(({ type }) => type !== 'presence')).toEqual([
      { type: 'saved', count: 1, at: expect.any(Number) },
    ])
    for (const seat of [...others, newcomer]) {
      expect(seat.takeTypes()).toEqual(['update'])
      expect(titleAt(seat)).toBe(`A${TITLE}`)
    }
    expect(readTask(await house.durable(document), FILM)?.titleVi).toBe(`A${TITLE}`)
  })

  test('edits that arrive during a commit are told together, once, and acknowledged by one number', async () => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, coordinator())
    const other = await house.enter(document, person())
    house.log.holdsAppends = true
    author.edit(type('1'))
    await house.settle()
    for (const letter of ['2', '3', '4']) author.edit(type(letter))
    house.log.release()
    await house.settle()
    house.log.release()
    await house.settle()
    house.clock.advance(WINDOW_MS)
    const saved = author.take().flatMap((heard) => (heard.type === 'saved' ? [heard.count] : []))
    expect(saved).toEqual([1, 4])
    expect(house.log.batches.map((batch) => batch.entries.length)).toEqual([1, 3])
    expect(other.takeTypes().filter((type) => type === 'update').length).toBeLessThanOrEqual(2)
    expect(titleAt(other)).toBe(`4321${TITLE}`)
  })

  test('a client without our subprotocol hears neither `saved` nor an echo', async () => {
    const house = new House()
    const document = await house.create()
    const stock = await house.enter(document, coordinator(), { speaksDongbo: false })
    stock.edit(type('A'))
    await house.settle()
    house.clock.advance(WINDOW_MS)
    expect(stock.takeTypes()).toEqual([])
    expect(readTask(await house.durable(document), FILM)?.titleVi).toBe(`A${TITLE}`)
  })

  test('what changes nothing is acknowledged without a commit', async () => {
    const house = new House()
    const document = await house.create()
    const seat = await house.enter(document, coordinator())
    seat.answer(Uint8Array.of(0))
    expect(seat.takeTypes()).toEqual(['saved'])
    await house.settle()
    expect(house.log.batches).toEqual([])
  })
})

describe('a commit that fails', () => {
  test('the store cannot be reached: nothing is shown, the sockets close, the next visitor loads what is durable', async () => {
    const house = new House()
    const document = await house.create()
    const other = await house.create('kh-khac')
    const author = await house.enter(document, coordinator())
    const reader = await house.enter(document, person())
    const elsewhere = await house.enter(other, coordinator())

    house.log.nextFailure = new Error('connection lost')
    author.edit(type('A'))
    await house.settle()
    house.clock.advance(WINDOW_MS)
    expect([author.closed, reader.closed]).toEqual(['overloaded', 'overloaded'])
    expect(author.takeTypes()).toEqual([])
    expect(reader.takeTypes()).toEqual([])
    expect(house.reports).toEqual(['failed unreachable'])

    // Another room goes on, and the failed one is loaded anew.
    elsewhere.edit(type('B'))
    await house.settle()
    expect(elsewhere.takeTypes()).toEqual(['saved'])
    expect(elsewhere.closed).toBeNull()
    const again = await house.enter(document, person())
    expect(titleAt(again)).toBe(TITLE)

    // The author still has his edit and sends it again; it is there once.
    const back = await house.enter(document, coordinator())
    back.sendUpdate(Y.encodeStateAsUpdate(author.matrix.doc))
    await house.settle()
    house.clock.advance(WINDOW_MS)
    expect(back.takeTypes()).toEqual(['saved'])
    again.take()
    expect(titleAt(again)).toBe(`A${TITLE}`)
  })

  test('one room’s conflict does not fail what was committed with it', async () => {
    const house = new House()
    const [one, two] = [await house.create('kh-1'), await house.create('kh-2')]
    const [first, second] = [await house.enter(one, coordinator()), await house.enter(two, coordinator())]
    // Another process writes at the position that `kh-1` will want.
    const stored = await house.log.store.load(one)
    const update = stored?.tail[0]?.update ?? new Uint8Array()
    const stolen = { document: one, seq: seq(2), update, personId: null, bodyId: null, at: house.clock.now() }
    await house.log.store.append({ entries: [stolen], newOwners: [] })

    first.edit(type('A'))
    second.edit(type('B'))
    await house.settle()
    expect(house.log.batches[0]?.entries).toHaveLength(2)
    // The one who lost the race is judged anew behind the other, and nobody notices.
    expect(first.closed).toBeNull()
    expect(first.takeTypes()).toContain('saved')
    expect(second.takeTypes()).toEqual(['saved'])
    expect(readTask(await house.durable(one), FILM)?.titleVi).toBe(`A${TITLE}`)
    expect(readTask(await house.durable(two), FILM)?.titleVi).toBe(`B${TITLE}`)
  })
})

describe('a refused write', () => {
  test('changes nothing, tells its author where, and ends nobody else’s work', async () => {
    const house = new House()
    const document = await house.create()
    const officer = await house.enter(document, person())
    const other = await house.enter(document, coordinator())
    officer.edit((matrix) => setTaskValue(matrix, FAIR, 'progressPct', 99, null))
    await house.settle()
    house.clock.advance(WINDOW_MS)
    expect(officer.take().find(({ type }) => type === 'refused')).toMatchObject({
      count: 1,
      code: 'lead-only',
      path: ['tasks', FAIR, 'progressPct'],
    })
    expect(officer.closed).toBeNull()
    expect(house.log.batches).toEqual([])
    expect(house.reports).toEqual([`refused ${person().personId} lead-only`])
    // Its copy is ahead of ours for ever, so nothing more is taken from this socket.
    officer.edit(type('A'))
    await house.settle()
    expect(house.log.batches).toEqual([])
    other.edit(type('B'))
    await house.settle()
    expect(other.takeTypes()).toEqual(['saved'])
  })

  test('closes a stock client with `write-refused`', async () => {
    const house = new House()
    const document = await house.create()
    const stock = await house.enter(document, person(), { speaksDongbo: false })
    stock.edit((matrix) => setTaskValue(matrix, FAIR, 'progressPct', 99, null))
    expect(stock.closed).toBe('write-refused')
  })

  test.each([
    ['bytes that are no message', Uint8Array.of(77, 1, 2)],
    ['an update that is no update', Uint8Array.of(0, 2, 3, 9, 9, 9)],
    ['a state vector that is none', Uint8Array.of(0, 0, 2, 0x85, 0x85)],
    ['bytes behind a message', Uint8Array.of(0, 2, 2, 0, 0, 0)],
    ['nothing', new Uint8Array()],
  ])('%s: that socket is closed with `bad-frame`', async (_what, frame) => {
    const house = new House()
    const document = await house.create()
    const bad = await house.enter(document, coordinator())
    const good = await house.enter(document, person())
    bad.send(frame)
    expect(bad.closed).toBe('bad-frame')
    expect(good.closed).toBeNull()
    good.edit(type('A'))
    await house.settle()
    expect(good.takeTypes()).toEqual(['saved'])
  })
})

describe('gaps', () => {
  test('what is missing is asked for once, and nothing is acknowledged before the answer', async () => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, coordinator())
    const first = author.edit(() => undefined)
    expect(first.length).toBeGreaterThan(0)
    author.take()
    // The first of three updates is lost on the way.
    const lost: Uint8Array[] = []
    author.matrix.doc.on('update', (update: Uint8Array) => lost.push(update))
    type('1')(author.matrix)
    type('2')(author.matrix)
    type('3')(author.matrix)
    for (const update of lost.slice(1)) author.sendUpdate(update)
    await house.settle()
    const asked = author.take().filter(({ type }) => type !== 'presence')
    expect(asked.map((heard) => heard.type)).toEqual(['asks'])
    expect(house.log.batches).toEqual([])

    const [question] = asked
    if (question?.type === 'asks') author.answer(question.bytes)
    await house.settle()
    house.clock.advance(WINDOW_MS)
    // The empty message, two with a gap, the answer.
    expect(author.take().filter(({ type }) => type === 'saved')).toMatchObject([{ count: 4 }])
    expect(readTask(await house.durable(document), FILM)?.titleVi).toBe(`321${TITLE}`)
  })
})

describe('rights that change while somebody works', () => {
  test('the next frame is judged by the new right, and no right at all closes the socket', async () => {
    const house = new House()
    const document = await house.create()
    const seat = await house.enter(document, person())
    const session = person().personId
    const grant = house.grants.get(session)
    if (grant === undefined || grant === null) throw new Error('he was let in')
    house.grants.set(session, { ...grant, principal: person({ planRole: 'observer' }) })
    await house.registry.refreshGrants()
    seat.edit(type('A'))
    expect(seat.take().filter(({ type }) => type === 'refused')).toMatchObject([{ code: 'observer' }])

    house.grants.set(session, null)
    await house.registry.refreshGrants()
    expect(seat.closed).toBe('no-such-document')
  })

  test('a session without a right loses all its sockets, and no other does', async () => {
    const house = new House()
    const document = await house.create()
    const mine = [await house.enter(document, person()), await house.enter(document, person())]
    const other = await house.enter(document, coordinator())
    house.grants.set(person().personId, null)
    await house.registry.refreshGrants()
    expect(mine.map(({ closed }) => closed)).toEqual(['no-such-document', 'no-such-document'])
    expect(other.closed).toBeNull()
  })

  test('one question that fails keeps no other answer from counting, and is told', async () => {
    const house = new House()
    const document = await house.create()
    await house.enter(document, coordinator())
    const seat = await house.enter(document, person())
    const answer = house.grants.get.bind(house.grants)
    house.grants.get = (sessionId) => {
      if (sessionId === coordinator().personId) throw new Error('the database did not answer')
      return answer(sessionId)
    }
    house.grants.set(person().personId, null)
    await expect(house.registry.refreshGrants()).rejects.toThrow()
    expect(seat.closed).toBe('no-such-document')
  })

  test('a right that is taken away while the room loads does not come in with who asked before', async () => {
    const house = new House()
    const document = await house.create()
    house.log.holdsLoads = true
    const coming = house.join(document, person())
    await house.settle()
    house.grants.set(person().personId, { principal: person({ planRole: 'observer' }), plan: planFacts() })
    await house.registry.refreshGrants()
    house.log.holdsLoads = false
    house.log.release()
    const seat = await coming
    seat.ask()
    seat.take()
    seat.edit(type('A'))
    expect(seat.take().filter(({ type }) => type === 'refused')).toMatchObject([{ code: 'observer' }])
  })
})

describe('an update that does what was not judged', () => {
  /** Neighbours in the wrong order that arrive together: only when Yjs has placed them can it be told. */
  const tangled = (matrix: MatrixDocument): Uint8Array => {
    const start = taskText(matrix, FILM, 'titleVi')?._start?.id
    if (start === undefined) throw new Error('the title has letters')
    const letter = (index: number) => Y.createID(start.client, start.clock + index)
    const text = (clock: number, origin: Y.ID, rightOrigin: Y.ID) =>
      rawItem(666, clock, new Y.ContentString('x'), { origin, rightOrigin })
    const structs = [text(0, letter(1), letter(2)), text(1, letter(5), Y.createID(666, 0))]
    return encodeRaw({ structs, deletes: NO_DELETES })
  }

  test('the room is read from the log again; its author stays outside for a while', async () => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, person())
    const other = await house.enter(document, coordinator())
    author.sendUpdate(tangled(author.matrix))
    expect([author.closed, other.closed]).toEqual(['write-refused', 'restart'])
    expect(house.reports).toEqual([`unfaithful ${person().personId}`])
    await house.settle()
    expect(house.log.batches).toEqual([])

    const back = await house.enter(document, coordinator())
    expect(titleAt(back)).toBe(TITLE)
    back.edit(type('A'))
    await house.settle()
    expect(back.takeTypes()).toEqual(['saved'])
    // Otherwise he could send everybody away again and again.
    await expect(house.join(document, person())).rejects.toThrow('write-refused')
    house.clock.advance(61_000)
    const again = await house.enter(document, person())
    expect(titleAt(again)).toBe(`A${TITLE}`)
  })

  test('what others had on its way into the log is in what the next one is shown', async () => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, person())
    const other = await house.enter(document, coordinator())
    house.log.holdsAppends = true
    other.edit(type('A'))
    author.sendUpdate(tangled(author.matrix))
    const coming = house.join(document, coordinator())
    await house.settle()
    house.log.release()
    const back = await coming
    back.ask()
    back.take()
    expect(titleAt(back)).toBe(`A${TITLE}`)
  })
})
