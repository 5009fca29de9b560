// y-websocket reconnects on a timer of its own, 200 ms and more: these tests await what it leads to, never a time.
import { afterEach, describe, expect, test } from 'vitest'
import { seededRandom } from '@dongbo/kernel/random.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { readCellRoles, readTask } from '@dongbo/model/matrix/read.ts'
import { Line } from '@dongbo/testkit/line.ts'
import { isSaved, until } from '@dongbo/testkit/liveTab.ts'
import { FAIR, FILM, SURVEY } from '@dongbo/testkit/matrices.ts'
import { coordinator, CULTURE, person, TOURISM } from '@dongbo/testkit/people.ts'
import { House } from '@dongbo/testkit/seats.ts'
import { Connection } from './connection.ts'

const tabs: Connection[] = []
afterEach(() => {
  for (const tab of tabs.splice(0)) tab.close()
})

async function open(house: House, who: Parameters<typeof Line.connect>[2]): Promise<{ line: Line; tab: Connection }> {
  const document = await house.create()
  const both = Line.connect(house, document, who)
  tabs.push(both.tab)
  await until(both.tab, isSaved)
  return both
}

async function onlyDocument(house: House): Promise<DocumentName> {
  const [document] = await house.log.list()
  if (document === undefined) throw new Error('it was created')
  return document
}

async function durableTitle(house: House): Promise<string | undefined> {
  return readTask(await house.durable(await onlyDocument(house)), FILM)?.titleVi
}

function type(tab: Connection, insert: string): void {
  editTaskText(tab.view.matrix, FILM, 'titleVi', { index: 0, remove: 0, insert }, tab.origin)
}

describe('the save line', () => {
  test('says "saved" only once the commit is there', async () => {
    const house = new House()
    const { tab } = await open(house, coordinator())
    house.log.holdsAppends = true
    const said: string[] = []
    tab.subscribe(() => said.push(tab.view.save.at))
    type(tab, 'A')
    type(tab, 'B')
    expect(tab.view.save).toMatchObject({ at: 'sending', waiting: 2 })
    await house.settle()
    await house.settle()
    expect(said).not.toContain('saved')
    house.log.release()
    await until(tab, isSaved)
    expect(tab.view.save).toEqual({ at: 'saved', savedAt: house.clock.now() })
    expect(await durableTitle(house)).toBe('BAPhim tài liệu')
  })

  test('counts what waits while the network is away, and is saved when it is back', async () => {
    const house = new House()
    const { line, tab } = await open(house, coordinator())
    line.cut()
    expect(tab.view.save).toMatchObject({ at: 'offline', waiting: 0 })
    for (const letter of ['1', '2', '3']) type(tab, letter)
    expect(tab.view.save).toMatchObject({ at: 'offline', waiting: 3 })
    line.isUp = true
    await until(tab, isSaved)
    expect(await durableTitle(house)).toBe('321Phim tài liệu')
    expect(house.log.batches.flatMap(({ entries }) => entries)).toHaveLength(1)
  })

  test('what was sent and not confirmed before the network broke is sent again, and is there once', async () => {
    const house = new House()
    const { line, tab } = await open(house, coordinator())
    house.log.holdsAppends = true
    type(tab, 'A')
    await house.settle()
    line.cut()
    expect(tab.view.save).toMatchObject({ at: 'offline', waiting: 1 })
    house.log.holdsAppends = false
    house.log.release()
    await house.settle()
    line.isUp = true
    await until(tab, isSaved)
    expect(await durableTitle(house)).toBe('APhim tài liệu')
  })

  test('stops for good when the document is no longer for it, and goes on when a person says so', async () => {
    const house = new House()
    const { tab } = await open(house, coordinator())
    house.grants.set(coordinator().personId, null)
    await house.registry.refreshGrants()
    await until(tab, (view) => view.save.at === 'stopped')
    type(tab, 'A')
    expect(tab.view.save).toEqual({ at: 'stopped', because: 'no-such-document', waiting: 1 })
    tab.retry()
    await until(tab, isSaved)
  })
})

describe('a write that is refused', () => {
  test('gives a fresh copy, keeps what was typed, and lets the person go on', async () => {
    const house = new House()
    const { tab } = await open(house, person())
    const { matrix } = tab.view
    setTaskValue(matrix, FAIR, 'progressPct', 99, tab.origin)
    await until(tab, (view) => view.refused.length > 0 && isSaved(view))
    expect(tab.view.refused).toEqual([{ path: ['tasks', FAIR, 'progressPct'], mine: 99, theirs: 0, code: 'lead-only' }])
    expect(tab.view.matrix).not.toBe(matrix)
    expect(readTask(tab.view.matrix, FAIR)?.progressPct).toBe(0)
    type(tab, 'A')
    await until(tab, isSaved)
    expect(await durableTitle(house)).toBe('APhim tài liệu')
    tab.dismissRefused()
    expect(tab.view.refused).toEqual([])
  })

  test('nothing that was typed with it is lost: allowed edits of the refused copy are kept too', async () => {
    const house = new House()
    const { line, tab } = await open(house, person())
    line.cut()
    type(tab, 'của tôi ')
    setCellRoles(tab.view.matrix, FAIR, CULTURE, ['inform'], tab.origin)
    line.isUp = true
    await until(tab, (view) => view.refused.length > 0 && isSaved(view))
    expect(tab.view.refused).toEqual([
      {
        path: ['tasks', FILM, 'titleVi'],
        mine: 'của tôi Phim tài liệu',
        theirs: 'Phim tài liệu',
        code: 'not-judged',
      },
      { path: ['roles', `${FAIR}:${CULTURE}`], mine: ['inform'], theirs: null, code: 'other-bodys-cell' },
    ])
    expect(readCellRoles(tab.view.matrix, FAIR, CULTURE)).toEqual([])
  })
})

describe('what is sent together with a refused write', () => {
  test('waits, and is not called saved, until a fresh copy has said what becomes of it', async () => {
    const house = new House()
    const { line, tab } = await open(house, person())
    setTaskValue(tab.view.matrix, FAIR, 'progressPct', 99, tab.origin)
    const { matrix } = tab.view
    await until(tab, (view) => view.matrix !== matrix)
    line.cut()
    expect(tab.view.save).toMatchObject({ at: 'offline', waiting: 1 })
    line.isUp = true
    await until(tab, (view) => isSaved(view) && view.refused.length > 0)
  })

  test('what was before it and on its way survives a commit that fails', async () => {
    const house = new House()
    const { tab } = await open(house, person())
    house.log.holdsAppends = true
    type(tab, 'A')
    setTaskValue(tab.view.matrix, FAIR, 'progressPct', 99, tab.origin)
    const { matrix } = tab.view
    await until(tab, (view) => view.matrix !== matrix)
    house.log.holdsAppends = false
    house.log.nextFailure = new Error('the disk is full')
    house.log.release()
    await until(tab, (view) => isSaved(view) && view.refused.length > 0)
    expect(await durableTitle(house)).toBe('APhim tài liệu')
  })

  test('where the server has said no is not tried again, whatever this side thinks of the rights', async () => {
    const house = new House()
    const document = await house.create()
    const line = new Line(house, document, person())
    const tab = new Connection({
      serverUrl: 'ws://house/sync',
      document,
      clock: house.clock,
      random: seededRandom(1),
      WebSocket: line.WebSocket,
      may: () => null,
    })
    tabs.push(tab)
    await until(tab, isSaved)
    line.cut()
    type(tab, 'A')
    for (const task of [FAIR, SURVEY]) setTaskValue(tab.view.matrix, task, 'progressPct', 99, tab.origin)
    line.isUp = true
    await until(tab, (view) => isSaved(view) && view.refused.length === 2)
    expect(house.reports).toHaveLength(2)
    expect(await durableTitle(house)).toBe('APhim tài liệu')
  })
})

describe('undo', () => {
  test('takes back one’s own edits and nobody else’s', async () => {
    const house = new House()
    const document = await house.create()
    const [mine, other] = [coordinator(), person()].map((who) => Line.connect(house, document, who).tab)
    if (mine === undefined || other === undefined) throw new Error('both are there')
    tabs.push(mine, other)
    await Promise.all([until(mine, isSaved), until(other, isSaved)])
    type(mine, 'A')
    await until(mine, isSaved)
    house.clock.advance(50)
    await until(other, (view) => readTask(view.matrix, FILM)?.titleVi === 'APhim tài liệu')
    editTaskText(other.view.matrix, FILM, 'titleVi', { index: 1, remove: 0, insert: 'B' }, other.origin)
    await until(other, isSaved)
    house.clock.advance(50)
    await until(mine, (view) => readTask(view.matrix, FILM)?.titleVi === 'ABPhim tài liệu')
    mine.view.undo.undo()
    expect(readTask(mine.view.matrix, FILM)?.titleVi).toBe('BPhim tài liệu')
    mine.view.undo.undo()
    expect(readTask(mine.view.matrix, FILM)?.titleVi).toBe('BPhim tài liệu')
    mine.view.undo.redo()
    expect(readTask(mine.view.matrix, FILM)?.titleVi).toBe('ABPhim tài liệu')
  })

  test('leaves a field alone that somebody else has set meanwhile, and never empties it', async () => {
    const house = new House()
    const { line, tab } = await open(house, person())
    const document = await onlyDocument(house)
    line.cut()
    setTaskValue(tab.view.matrix, FILM, 'progressPct', 81, tab.origin)
    const other = await house.enter(document, person())
    other.edit((matrix) => setTaskValue(matrix, FILM, 'progressPct', 12, null))
    await house.settle()
    line.isUp = true
    await until(tab, isSaved)
    house.clock.advance(50)
    tab.view.undo.undo()
    expect([0, 12, 81]).toContain(readTask(tab.view.matrix, FILM)?.progressPct)
    await until(tab, isSaved)
    expect(tab.view.refused).toEqual([])
  })
})

test('others are shown with the name and body that the server vouches for', async () => {
  const house = new House()
  const document = await house.create()
  const [mine, other] = [coordinator(), person()].map((who) => Line.connect(house, document, who).tab)
  if (mine === undefined || other === undefined) throw new Error('both are there')
  tabs.push(mine, other)
  await Promise.all([until(mine, isSaved), until(other, isSaved)])
  other.setCursor({ task: FILM, field: 'titleVi' })
  await house.settle()
  house.clock.advance(100)
  await until(mine, (view) => view.peers.some(({ cursor }) => cursor !== null))
  const them = mine.view.peers.filter(({ personId }) => personId === person().personId)
  expect(them).toMatchObject([
    { name: person().displayName, bodyId: TOURISM, cursor: { task: FILM, field: 'titleVi' } },
  ])
})
