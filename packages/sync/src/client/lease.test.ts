// y-websocket reconnects on a timer of its own: these tests await what it leads to, never a time.
import { afterEach, describe, expect, test } from 'vitest'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import { HeldLog } from '@dongbo/testkit/heldLog.ts'
import { Line } from '@dongbo/testkit/line.ts'
import { isSaved, until } from '@dongbo/testkit/liveTab.ts'
import { manualClock } from '@dongbo/testkit/manualClock.ts'
import { FILM } from '@dongbo/testkit/matrices.ts'
import { mayWrite } from '@dongbo/testkit/mayWrite.ts'
import { memoryStore } from '@dongbo/testkit/memoryStore.ts'
import { person } from '@dongbo/testkit/people.ts'
import { House } from '@dongbo/testkit/seats.ts'
import { CLIENT_ID_KEPT_MS } from '../ports/clientIds.ts'
import type { Connection } from './connection.ts'

const tabs: Connection[] = []
afterEach(() => {
  for (const tab of tabs.splice(0)) tab.close()
})

function connect(house: House, document: DocumentName): { readonly line: Line; readonly tab: Connection } {
  const both = Line.connect(house, document, person())
  tabs.push(both.tab)
  return both
}

const idOf = (tab: Connection): number => tab.view.matrix.doc.clientID

function type(tab: Connection, insert: string): void {
  editTaskText(tab.view.matrix, FILM, 'titleVi', { index: 0, remove: 0, insert }, tab.origin)
}

async function owners(house: House, document: DocumentName): Promise<readonly number[]> {
  return (await house.log.store.load(document))?.owners.map(({ clientId }) => clientId) ?? []
}

describe('a client id', () => {
  test('is the same after a cut, also for what was typed meanwhile', async () => {
    const house = new House()
    const document = await house.create()
    const { line, tab } = connect(house, document)
    await until(tab, isSaved)
    const id = idOf(tab)
    type(tab, 'A')
    await until(tab, isSaved)
    line.cut()
    type(tab, 'B')
    line.isUp = true
    tab.retry()
    await until(tab, isSaved)
    type(tab, 'C')
    await until(tab, isSaved)
    expect(idOf(tab)).toBe(id)
    expect(await owners(house, document)).toEqual([id])
  })

  test('serves one tab after the other: a hundred visits cost one', async () => {
    const house = new House()
    const document = await house.create()
    for (let visit = 0; visit < 100; visit++) {
      const { tab } = connect(house, document)
      await until(tab, isSaved)
      type(tab, 'A')
      await until(tab, isSaved)
      tab.close()
      await house.settle()
      // Nobody may come that often within a minute.
      house.clock.advance(10_000)
    }
    expect(await owners(house, document)).toHaveLength(1)
  })

  test('is not given to another tab while something of it is not confirmed', async () => {
    const house = new House()
    const document = await house.create()
    const first = connect(house, document)
    await until(first.tab, isSaved)
    const id = idOf(first.tab)
    type(first.tab, 'A')
    await until(first.tab, isSaved)
    // Sent, and not yet durable when the tab goes.
    house.log.holdsAppends = true
    type(first.tab, 'B')
    await house.settle()
    first.tab.close()
    house.log.holdsAppends = false
    house.log.release()
    await house.settle()
    const { tab } = connect(house, document)
    await until(tab, isSaved)
    expect(idOf(tab)).not.toBe(id)
  })

  test('is taken up only once the document has arrived: what was typed before stays where it was', async () => {
    const house = new House()
    const document = await house.create()
    const { line, tab } = connect(house, document)
    await until(tab, isSaved)
    const [before, cursor] = [idOf(tab), { task: FILM, column: 'title', typing: null }]
    tab.setCursor(cursor)
    line.cut()
    line.isUp = true
    tab.retry()
    await until(tab, isSaved)
    await house.settle()
    house.clock.advance(100)
    const other = connect(house, document)
    await until(other.tab, ({ peers }) => peers.some((peer) => peer.cursor?.['task'] === FILM))
    expect(idOf(tab)).toBe(before)
    expect(idOf(other.tab)).not.toBe(before)
  })
})

// Fewer letters than the other tab wrote under the id, as many, and more.
test.each(['X', 'XY', 'XYZ'])(
  'a month without the network, the id passed on meanwhile: %j is offered, not lost',
  async (typed) => {
    const clock = manualClock()
    const house = new House(new HeldLog(memoryStore(clock)))
    const document = await house.create()
    const { line, tab } = connect(house, document)
    await until(tab, isSaved)
    tab.judgeBy(mayWrite(person()))
    tab.judgeBy(mayWrite(person()))
    const id = idOf(tab)
    type(tab, 'A')
    await until(tab, isSaved)
    line.cut()
    type(tab, typed)
    clock.advance(CLIENT_ID_KEPT_MS)
    const other = connect(house, document)
    await until(other.tab, isSaved)
    expect(idOf(other.tab)).toBe(id)
    type(other.tab, 'NN')
    await until(other.tab, isSaved)
    line.isUp = true
    tab.retry()
    await until(tab, (view) => isSaved(view) && view.refused.length > 0)
    // Both have changed the same text meanwhile, so it is for him to say what becomes of his.
    expect(tab.view.refused).toEqual([expect.objectContaining({ code: 'client-id-taken' })])
    expect(String(tab.view.refused[0]?.mine)).toContain(typed)
    for (const one of [tab, other.tab]) expect(readTask(one.view.matrix, FILM)?.titleVi).toBe('NNAPhim tài liệu')
    expect(readTask(await house.durable(document), FILM)?.titleVi).toBe('NNAPhim tài liệu')
    expect(idOf(tab)).not.toBe(id)
  },
)

test('a document that was restored: the copy is taken anew, what was not confirmed is offered', async () => {
  const house = new House()
  const document = await house.create()
  const { line, tab } = connect(house, document)
  await until(tab, isSaved)
  line.cut()
  type(tab, 'không có trong bản sao lưu ')
  // Nobody is in the room any more, so the restored document is what the next one opens.
  house.clock.advance(3_600_000)
  await house.settle()
  const { documents } = house.log.kept
  const kept = documents.get(document)
  if (kept === undefined) throw new Error('it was created')
  documents.set(document, { ...kept, generation: 'generation-2' })
  line.isUp = true
  tab.retry()
  await until(tab, (view) => isSaved(view) && view.refused.length > 0)
  expect(tab.view.refused).toEqual([
    {
      path: ['tasks', FILM, 'titleVi'],
      mine: 'không có trong bản sao lưu Phim tài liệu',
      theirs: 'Phim tài liệu',
      code: 'generation',
    },
  ])
  type(tab, 'A')
  await until(tab, isSaved)
  expect(readTask(await house.durable(document), FILM)?.titleVi).toBe('APhim tài liệu')
})
