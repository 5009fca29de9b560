import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { updateMessage } from '@dongbo/protocol/messages.ts'
import { HeldLog } from '@dongbo/testkit/heldLog.ts'
import { FAIR, FILM } from '@dongbo/testkit/matrices.ts'
import { coordinator, CULTURE, person, TOURISM } from '@dongbo/testkit/people.ts'
import { House, type Seat } from '@dongbo/testkit/seats.ts'
import { Fenced, seq, SequenceConflict } from '../ports/updateLog.ts'

const type =
  (insert: string) =>
  (matrix: MatrixDocument): void =>
    editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 0, insert }, null)
const titleAt = ({ matrix }: Seat): string | undefined => readTask(matrix, FILM)?.titleVi
const TITLE = 'Phim tài liệu'
const WINDOW_MS = 40

/** Two nodes over one store, without any bus between them. */
async function twoNodes(): Promise<{ here: House; there: House; document: DocumentName }> {
  const here = new House()
  const there = new House(new HeldLog(here.log.kept), 2)
  return { here, there, document: await here.create() }
}

async function settle(...houses: readonly House[]): Promise<void> {
  for (const house of houses) {
    await house.settle()
    house.clock.advance(WINDOW_MS)
  }
}

describe('two nodes write one document', () => {
  test('who loses the race is judged anew behind the other: no socket closes, both are acknowledged, all converge', async () => {
    const { here, there, document } = await twoNodes()
    const an = await here.enter(document, coordinator())
    const reader = await here.enter(document, person())
    const binh = await there.enter(document, person({ bodyId: CULTURE, planRole: 'coordinator' }))
    here.log.holdsAppends = true
    an.edit(type('A'))
    await settle(here)
    binh.edit(type('B'))
    await settle(there)
    expect(binh.takeTypes()).toEqual(['saved'])
    expect(an.takeTypes()).toEqual([])

    here.log.holdsAppends = false
    here.log.release()
    await settle(here)
    expect(an.takeTypes().toSorted()).toEqual(['saved', 'update'])
    expect(reader.takeTypes()).not.toContain('asks')
    expect([an.closed, reader.closed, binh.closed]).toEqual([null, null, null])
    expect([...here.reports, ...there.reports]).toEqual([])

    await there.registry.heard(document, seq(3))
    await settle(there)
    binh.take()
    const durable = readTask(await here.durable(document), FILM)?.titleVi
    expect(durable).toHaveLength(TITLE.length + 2)
    expect([titleAt(an), titleAt(reader), titleAt(binh)]).toEqual([durable, durable, durable])
  })

  test('nothing is acknowledged while the race is being lost', async () => {
    const { here, there, document } = await twoNodes()
    const an = await here.enter(document, coordinator())
    const binh = await there.enter(document, person({ bodyId: CULTURE, planRole: 'coordinator' }))
    here.log.holdsAppends = true
    an.edit(type('A'))
    await settle(here)
    binh.edit(type('B'))
    await settle(there)
    here.log.release()
    await settle(here)
    // The first attempt was in vain, the second one is held.
    expect(here.log.batches.map(({ entries }) => entries.map(({ seq }) => seq))).toEqual([[2], [3]])
    expect(an.takeTypes()).toEqual(['update'])
    here.log.release()
    await settle(here)
    expect(an.takeTypes()).toEqual(['saved'])
  })

  test('what may not be in behind the other is refused to its author, and what follows on it with it', async () => {
    const { here, there, document } = await twoNodes()
    const officer = await here.enter(document, person())
    const other = await here.enter(document, coordinator())
    const chief = await there.enter(document, coordinator())
    here.log.holdsAppends = true
    officer.edit(type('A'))
    officer.edit(type('B'))
    other.edit(type('C'))
    await settle(here)
    // Elsewhere the task goes meanwhile to another body.
    chief.edit((matrix) => setTaskValue(matrix, FILM, 'lead', CULTURE, null))
    await settle(there)
    here.log.holdsAppends = false
    here.log.release()
    await settle(here)
    expect(officer.take().filter(({ type: what }) => what === 'refused')).toMatchObject([{ count: 1 }])
    expect(officer.closed).toBeNull()
    expect(other.takeTypes()).toContain('saved')
    expect(readTask(await here.durable(document), FILM)).toMatchObject({ titleVi: `C${TITLE}`, lead: CULTURE })
  })

  test('nothing behind the refused message comes in, even what needs nothing of it', async () => {
    const { here, there, document } = await twoNodes()
    const chief = await there.enter(document, coordinator())
    chief.edit((matrix) => setTaskValue(matrix, FAIR, 'lead', TOURISM, null))
    await settle(there)
    const officer = await here.enter(document, person())
    const title = readTask(officer.matrix, FAIR)?.titleVi
    here.log.holdsAppends = true
    officer.edit(type('A'))
    officer.edit((matrix) => editTaskText(matrix, FAIR, 'titleVi', { index: 0, remove: 2, insert: '' }, null))
    await settle(here)
    chief.edit((matrix) => setTaskValue(matrix, FILM, 'lead', CULTURE, null))
    await settle(there)
    here.log.holdsAppends = false
    here.log.release()
    await settle(here)
    const said = officer.take().flatMap(({ type: what }) => (what === 'refused' || what === 'saved' ? [what] : []))
    expect(said).toEqual(['refused'])
    expect(readTask(await here.durable(document), FAIR)?.titleVi).toBe(title)
  })

  test('what comes while the other’s entries are read waits for its turn', async () => {
    const { here, there, document } = await twoNodes()
    const an = await here.enter(document, coordinator())
    const binh = await there.enter(document, person({ bodyId: CULTURE, planRole: 'coordinator' }))
    binh.edit(type('B'))
    await settle(there)
    const reading = here.registry.heard(document, seq(2))
    an.edit(type('A'))
    expect(an.takeTypes()).toEqual([])
    await reading
    await settle(here)
    expect(an.takeTypes().toSorted()).toEqual(['saved', 'update'])
    expect(readTask(await here.durable(document), FILM)?.titleVi).toHaveLength(TITLE.length + 2)
  })

  test('a client id that was first used elsewhere cannot be written under by another person', async () => {
    const { here, there, document } = await twoNodes()
    const binh = await there.enter(document, person({ bodyId: CULTURE, planRole: 'coordinator' }))
    const an = await here.enter(document, coordinator())
    binh.edit(type('B'))
    await settle(there)
    await here.registry.heard(document, seq(2))
    await settle(here)
    an.take()
    // He has all that the other wrote, and goes on under the other's id.
    an.matrix.doc.clientID = binh.matrix.doc.clientID
    an.edit(type('A'))
    await settle(here)
    expect(an.take().filter(({ type: what }) => what === 'refused')).toMatchObject([{ code: 'foreign-client-id' }])
    expect(readTask(await here.durable(document), FILM)?.titleVi).toBe(`B${TITLE}`)
  })

  test('a fault while it is judged anew leaves nothing waiting that would hold others back', async () => {
    const { here, document } = await twoNodes()
    const an = await here.enter(document, coordinator())
    here.log.holdsAppends = true
    an.edit(type('A'))
    await settle(here)
    an.edit(type('B'))
    const damaged = { personId: null, bodyId: null, at: here.clock.now(), update: Uint8Array.of(255, 255) }
    here.log.kept.documents.get(document)?.entries.push({ document, seq: seq(2), ...damaged })
    here.log.release()
    await settle(here)
    expect(an.closed).toBe('overloaded')
    expect(here.registry.figures()).toMatchObject({ backlogBytes: 0, backlogMs: 0 })
  })

  test('what is told while the log is being read is read too', async () => {
    const { here, there, document } = await twoNodes()
    const reader = await here.enter(document, person())
    const binh = await there.enter(document, person({ bodyId: CULTURE, planRole: 'coordinator' }))
    binh.edit(type('B'))
    await settle(there)
    const gate = Promise.withResolvers<void>()
    const { entriesAfter } = here.log
    here.log.entriesAfter = async (...asked) => {
      const entries = await entriesAfter(...asked)
      await gate.promise
      return entries
    }
    const first = here.registry.heard(document, seq(2))
    // The question is on its way when the next edit becomes durable, and when it is told.
    binh.edit(type('C'))
    await settle(there)
    const second = here.registry.heard(document, seq(3))
    gate.resolve()
    await Promise.all([first, second])
    await settle(here)
    reader.take()
    expect(titleAt(reader)).toBe(`CB${TITLE}`)
  })

  test('a restored right to write is not enough: a node that is fenced for ever gives up', async () => {
    const { here, document } = await twoNodes()
    const an = await here.enter(document, coordinator())
    here.log.objects = () => new Fenced('another node has it')
    an.edit(type('A'))
    // One try after the other, at the pace of commits.
    for (let tries = 0; tries < 4; tries++) await settle(here)
    expect(an.closed).toBe('restart')
    expect(here.log.batches.length).toBeLessThan(20)
    here.log.objects = () => null
    const back = await here.enter(document, coordinator())
    expect(titleAt(back)).toBe(TITLE)
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'seed %i: both write in any order; all end the same, nothing is lost or doubled',
    async (seed) => {
      const random = seededRandom(seed)
      const { here, there, document } = await twoNodes()
      const houses = [here, there] as const
      const seats: Seat[] = []
      for (let i = 0; i < 4; i++) {
        const body = person({ bodyId: CULTURE, planRole: 'coordinator', personId: coordinator().personId })
        seats.push(await (houses[i % 2] ?? here).enter(document, body))
      }
      const written: string[] = []
      for (let at = 0; at < 40; at++) {
        const letter = String.fromCodePoint(0x4e00 + at)
        const seat = seats[random.below(seats.length)]
        if (seat === undefined) throw new Error('there are four')
        seat.edit(type(letter))
        written.push(letter)
        if (random.below(3) === 0) await settle(houses[random.below(2)] ?? here)
        if (random.below(5) === 0) seat.take()
      }
      await settle(here, there, here, there)
      for (const house of houses) await house.registry.heard(document, seq(1_000))
      await settle(here, there)
      for (const seat of seats) seat.take()
      const durable = readTask(await here.durable(document), FILM)?.titleVi ?? ''
      expect(Array.from(durable.slice(0, -TITLE.length)).toSorted(), `seed ${seed}`).toEqual(written.toSorted())
      expect(
        seats.map((seat) => [titleAt(seat), seat.closed]),
        `seed ${seed}`,
      ).toEqual(seats.map(() => [durable, null]))
    },
  )
})

describe('a commit whose answer is lost', () => {
  test.each([
    ['as a fault of the line', new Error('connection lost')],
    ['as a position that is taken', new SequenceConflict('taken')],
  ])('%s: it is there once, and its author hears so', async (_how, failure) => {
    const house = new House()
    const document = await house.create()
    const author = await house.enter(document, coordinator())
    const reader = await house.enter(document, person())
    house.log.losesNextAnswer = failure
    author.edit(type('A'))
    await settle(house)
    let seat = author
    if (author.closed !== null) {
      expect(author.takeTypes()).not.toContain('saved')
      seat = await house.enter(document, coordinator())
      seat.send(updateMessage(Y.encodeStateAsUpdate(author.matrix.doc)))
      await settle(house)
    }
    expect(seat.takeTypes()).toContain('saved')
    const again = reader.closed === null ? reader : await house.enter(document, person())
    again.take()
    expect(titleAt(again)).toBe(`A${TITLE}`)
    expect((await house.log.store.load(document))?.tail).toHaveLength(2)
  })
})
