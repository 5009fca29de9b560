import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { HeldLog } from '@dongbo/testkit/heldLog.ts'
import { manualClock } from '@dongbo/testkit/manualClock.ts'
import { FILM } from '@dongbo/testkit/matrices.ts'
import { memoryStore } from '@dongbo/testkit/memoryStore.ts'
import { coordinator, person } from '@dongbo/testkit/people.ts'
import { syncStep2Message } from '@dongbo/protocol/messages.ts'
import { House, type Seat } from '@dongbo/testkit/seats.ts'
import { CLIENT_ID_KEPT_MS } from '../ports/clientIds.ts'

const type =
  (insert: string) =>
  (matrix: MatrixDocument): void =>
    editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 0, insert }, null)

/** The id that a seat was leased. */
function leasedTo({ leased }: Seat): number {
  if (leased === null) throw new Error('our client is welcomed')
  return leased
}

describe('the first thing that a client hears', () => {
  test('is its welcome, with the generation and a client id that nobody has', async () => {
    const house = new House()
    const document = await house.create()
    const ids = new Set<number>()
    for (let tab = 0; tab < 20; tab++) {
      const seat = await house.join(document, tab % 2 === 0 ? coordinator() : person())
      const [first] = seat.take()
      if (first?.type !== 'welcome') throw new Error(`heard ${first?.type} first`)
      expect(first.generation).toBe('generation-1')
      expect(first.clientId).toBeGreaterThan(0)
      expect(first.clientId).toBeLessThanOrEqual(0xffff_ffff)
      ids.add(first.clientId)
    }
    expect(ids.size).toBe(20)
  })

  test('of another protocol is no word of ours', async () => {
    const house = new House()
    const document = await house.create()
    const stock = await house.join(document, coordinator(), { speaksDongbo: false })
    expect(stock.takeTypes()).toEqual(['asks'])
  })

  test('with a copy from another history is its end: nothing is said and nothing is taken', async () => {
    const house = new House()
    const document = await house.create()
    const coming = (generation: string) => house.join(document, coordinator(), { copy: { generation } })
    await expect(coming('generation-0')).rejects.toThrow('generation')
    expect((await coming('generation-1')).takeTypes()).toEqual(['welcome', 'asks'])
    expect(house.registry.figures()).toMatchObject({ sockets: 1 })
  })

  test('a room in which nobody sat down for that reason leaves memory', async () => {
    const house = new House()
    const document = await house.create()
    await expect(house.join(document, coordinator(), { copy: { generation: 'x' } })).rejects.toThrow('generation')
    house.clock.advance(10_000)
    await house.settle()
    expect(house.registry.figures()).toMatchObject({ rooms: 0 })
  })
})

/** How a tab ended that has written under its id, and who comes after it. */
interface Case {
  readonly what: string
  readonly ends: (seat: Seat, house: House) => Promise<void>
  readonly next: Principal
  readonly presents: boolean
  readonly getsIt: boolean
}
const saved = async (seat: Seat, house: House): Promise<void> => {
  // Commits without end wait a little for each other.
  house.clock.advance(10)
  await house.settle()
  expect(seat.takeTypes()).toContain('saved')
}
const cut = async (seat: Seat, house: House): Promise<void> => {
  await saved(seat, house)
  seat.leave()
}
const goes = async (seat: Seat, house: House): Promise<void> => {
  await saved(seat, house)
  seat.release()
  await house.settle()
  seat.leave()
}
const stays = saved
const goesTooEarly = async (seat: Seat, house: House): Promise<void> => {
  seat.release()
  await house.settle()
  seat.leave()
}
const me = person()
const other = coordinator()

const CASES: readonly Case[] = [
  { what: 'went and said so; the next tab', ends: goes, next: me, presents: false, getsIt: true },
  { what: 'went and said so; somebody else', ends: goes, next: other, presents: false, getsIt: false },
  { what: 'went and said so; somebody else who claims it', ends: goes, next: other, presents: true, getsIt: false },
  { what: 'was cut off; it comes back', ends: cut, next: me, presents: true, getsIt: true },
  { what: 'was cut off; another tab', ends: cut, next: me, presents: false, getsIt: false },
  { what: 'was cut off; somebody else who claims it', ends: cut, next: other, presents: true, getsIt: false },
  { what: 'is there; a duplicated tab that claims it', ends: stays, next: me, presents: true, getsIt: false },
  {
    what: 'said so before its edit was durable; another tab',
    ends: goesTooEarly,
    next: me,
    presents: false,
    getsIt: false,
  },
  {
    what: 'said so before its edit was durable; it comes back',
    ends: goesTooEarly,
    next: me,
    presents: true,
    getsIt: true,
  },
]

describe('an id whose tab', () => {
  test.each(CASES)('$what: gets it $getsIt', async ({ ends, next, presents, getsIt }) => {
    const house = new House()
    const document = await house.create()
    const tab = await house.enter(document, me)
    const id = leasedTo(tab)
    tab.edit(type('A'))
    await ends(tab, house)
    const coming = await house.enter(document, next, presents ? { copy: { clientId: id } } : {})
    expect(leasedTo(coming) === id).toBe(getsIt)
    coming.edit(type('B'))
    await house.settle()
    expect(coming.takeTypes()).toContain('saved')
    expect(readTask(await house.durable(document), FILM)?.titleVi).toBe('BAPhim tài liệu')
  })

  test('claims it twice at once gets it once', async () => {
    const house = new House()
    const document = await house.create()
    const tab = await house.enter(document, me)
    tab.edit(type('A'))
    await cut(tab, house)
    const copy = { clientId: leasedTo(tab) }
    const both = await Promise.all([house.enter(document, me, { copy }), house.enter(document, me, { copy })])
    expect(both.filter((seat) => leasedTo(seat) === copy.clientId)).toHaveLength(1)
  })

  test('has said that it goes may not write any more', async () => {
    const house = new House()
    const document = await house.create()
    const tab = await house.enter(document, me)
    tab.release()
    tab.edit(type('A'))
    expect(tab.closed).toBe('bad-frame')
    await house.settle()
    expect(house.log.batches).toEqual([])
  })

  test('goes again and again uses up no more than one id', async () => {
    const house = new House()
    const document = await house.create()
    for (let day = 0; day < 30; day++) {
      const tab = await house.enter(document, me)
      tab.edit(type('A'))
      await goes(tab, house)
    }
    const stored = await house.log.store.load(document)
    expect(stored?.owners).toHaveLength(1)
  })
})

describe('an id that nobody has held for thirty days', () => {
  /** A tab that vanished a month ago, and what another tab has written under its id since. */
  async function monthLater() {
    const clock = manualClock()
    const house = new House(new HeldLog(memoryStore(clock)))
    const document = await house.create()
    const vanished = await house.enter(document, me)
    vanished.edit(type('A'))
    await cut(vanished, house)
    const id = leasedTo(vanished)
    clock.advance(CLIENT_ID_KEPT_MS)
    const successor = await house.enter(document, me)
    expect(leasedTo(successor)).toBe(id)
    return { house, document, vanished, successor, id }
  }

  /** The vanished tab is there again with its copy, and answers what it is asked. */
  async function comesBack({ house, document, vanished, id }: Awaited<ReturnType<typeof monthLater>>) {
    const back = await house.join(document, me, { copy: { clientId: id } })
    const question = back.take().find((heard) => heard.type === 'asks')
    if (question?.type !== 'asks') throw new Error('the server asks')
    back.send(syncStep2Message(Y.encodeStateAsUpdate(vanished.matrix.doc, question.bytes)))
    house.clock.advance(10)
    await house.settle()
    return back.take()
  }

  // Fewer letters than its successor wrote, as many, and more: y-websocket alone would send nothing, or only the last.
  test.each(['X', 'XY', 'XYZ'])(
    'what was typed under it meanwhile, %j, is refused whole, never lost',
    async (typed) => {
      const trial = await monthLater()
      const { house, document, vanished, successor } = trial
      successor.edit(type('NN'))
      await goes(successor, house)
      type(typed)(vanished.matrix)
      expect(await comesBack(trial)).toContainEqual(
        expect.objectContaining({ type: 'refused', code: 'client-id-taken' }),
      )
      expect(readTask(await house.durable(document), FILM)?.titleVi).toBe('NNAPhim tài liệu')
    },
  )

  // What is deleted at the same clocks says nothing of what stood there.
  test('what was typed under it is refused also where its successor deleted again what it wrote', async () => {
    const trial = await monthLater()
    const { house, document, vanished, successor } = trial
    successor.edit(type('NN'))
    successor.edit((matrix) => editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 2, insert: '' }, null))
    await goes(successor, house)
    type('X')(vanished.matrix)
    expect(await comesBack(trial)).toContainEqual(expect.objectContaining({ type: 'refused', code: 'client-id-taken' }))
    expect(readTask(await house.durable(document), FILM)?.titleVi).toBe('APhim tài liệu')
  })

  test('a copy that typed nothing more comes back in peace, also beside its successor', async () => {
    const trial = await monthLater()
    trial.successor.edit(type('NN'))
    await saved(trial.successor, trial.house)
    const heard = await comesBack(trial)
    expect(heard.map((one) => one.type)).toContain('saved')
    expect(heard.map((one) => one.type)).not.toContain('refused')
  })

  test('what was typed under it before anybody else wrote is taken', async () => {
    const trial = await monthLater()
    await goesTooEarly(trial.successor, trial.house)
    type('X')(trial.vanished.matrix)
    expect((await comesBack(trial)).map((one) => one.type)).toContain('saved')
    expect(readTask(await trial.house.durable(trial.document), FILM)?.titleVi).toBe('XAPhim tài liệu')
  })
})
