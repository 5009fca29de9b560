// y-websocket reconnects on a timer of its own: these tests await what it leads to, never a time.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { readCellRoles, readTask } from '@dongbo/model/matrix/read.ts'
import { Computer } from '@dongbo/testkit/computer.ts'
import { isSaved, until } from '@dongbo/testkit/liveTab.ts'
import { FAIR, FILM } from '@dongbo/testkit/matrices.ts'
import { coordinator, CULTURE, person } from '@dongbo/testkit/people.ts'
import { House } from '@dongbo/testkit/seats.ts'
import type { Connection } from './connection.ts'
import { databaseName, forgetPerson } from './deviceStore.ts'

const computers: Computer[] = []
beforeEach(() => {
  Reflect.set(globalThis, 'indexedDB', new IDBFactory())
})
afterEach(() => {
  for (const one of computers.splice(0)) one.off()
})

async function computer(): Promise<Computer> {
  const house = new House()
  const made = new Computer(house, await house.create())
  computers.push(made)
  return made
}

const isShown = (view: Connection['view']): boolean => view.loaded
const isOffline = (view: Connection['view']): boolean => view.loaded && view.save.at === 'offline'

function title(tab: Connection): string | undefined {
  return readTask(tab.view.matrix, FILM)?.titleVi
}

function type(tab: Connection, insert: string, task = FILM): void {
  editTaskText(tab.view.matrix, task, 'titleVi', { index: 0, remove: 0, insert }, tab.origin)
}

describe('a page that was closed without the network', () => {
  test('shows what was typed when it is opened again, and sends it when the network is back', async () => {
    const pc = await computer()
    const first = pc.open(person())
    await until(first.connection, isSaved)
    type(first.connection, 'đã lưu ')
    await until(first.connection, isSaved)
    first.line.cut()
    type(first.connection, 'chưa gửi ')
    setTaskValue(first.connection.view.matrix, FILM, 'progressPct', 55, first.connection.origin)
    expect(first.connection.view.save).toMatchObject({ at: 'offline', waiting: 2, kept: false })
    await first.connection.flush()
    expect(first.connection.view.save).toMatchObject({ at: 'offline', waiting: 2, kept: true })
    await pc.crash(first)

    const second = pc.open(person(), { isUp: false })
    await until(second.connection, isOffline)
    expect(title(second.connection)).toBe('chưa gửi đã lưu Phim tài liệu')
    expect(second.connection.view.save).toMatchObject({ at: 'offline', waiting: 2, kept: true })
    expect(second.connection.waitingEdits().map(({ path }) => path[2])).toEqual(['titleVi', 'progressPct'])
    type(second.connection, 'sau ')
    second.line.isUp = true
    second.connection.retry()
    await until(second.connection, isSaved)
    const durable = readTask(await pc.house.durable(pc.document), FILM)
    expect(durable?.titleVi).toBe('sau chưa gửi đã lưu Phim tài liệu')
    expect(durable?.progressPct).toBe(55)

    await pc.crash(second)
    const third = pc.open(person(), { isUp: false })
    await until(third.connection, isOffline)
    expect(third.connection.view.save).toMatchObject({ waiting: 0 })
    expect(title(third.connection)).toBe('sau chưa gửi đã lưu Phim tài liệu')
  })

  test('a right that went away meanwhile: the allowed part is written again, the rest is offered, also after a reload', async () => {
    const pc = await computer()
    const other = pc.open(coordinator())
    const first = pc.open(person())
    await until(first.connection, isSaved)
    first.line.cut()
    type(first.connection, 'của tôi ')
    type(first.connection, 'không còn ', FAIR)
    setCellRoles(first.connection.view.matrix, FAIR, CULTURE, ['inform'], first.connection.origin)
    await pc.crash(first)
    await until(other.connection, isSaved)
    editTaskText(other.connection.view.matrix, FILM, 'titleVi', { index: 13, remove: 0, insert: ' mới' }, null)
    await until(other.connection, isSaved)

    const second = pc.open(person())
    await until(second.connection, (view) => isSaved(view) && view.refused.length > 0)
    expect(second.connection.view.refused).toEqual([
      {
        path: ['tasks', FAIR, 'titleVi'],
        mine: 'không còn Hội chợ quốc tế',
        theirs: 'Hội chợ quốc tế',
        code: 'lead-only',
      },
      { path: ['roles', `${FAIR}:${CULTURE}`], mine: ['inform'], theirs: null, code: 'other-bodys-cell' },
    ])
    pc.house.clock.advance(100)
    await until(other.connection, () => title(other.connection) === 'của tôi Phim tài liệu mới')
    const seen = other.connection.view.matrix
    expect(readTask(seen, FAIR)?.titleVi).toBe('Hội chợ quốc tế')
    expect(readCellRoles(seen, FAIR, CULTURE)).toEqual([])

    await pc.crash(second)
    const third = pc.open(person())
    await until(third.connection, isSaved)
    expect(third.connection.view.refused).toEqual(second.connection.view.refused)
    expect(title(third.connection)).toBe('của tôi Phim tài liệu mới')
    third.connection.dismissRefused([['roles', `${FAIR}:${CULTURE}`]])
    expect(third.connection.view.refused.map(({ path }) => path[0])).toEqual(['tasks'])
    await pc.crash(third)
    const fourth = pc.open(person())
    await until(fourth.connection, isSaved)
    expect(fourth.connection.view.refused.map(({ path }) => path[0])).toEqual(['tasks'])
  })
})

describe('several tabs', () => {
  test('opened without the network never write under one client id, and both come back', async () => {
    const pc = await computer()
    const first = pc.open(person())
    await until(first.connection, isSaved)
    await pc.crash(first)
    const tabs = [pc.open(person(), { isUp: false }), pc.open(person(), { isUp: false })]
    await Promise.all(tabs.map(({ connection }) => until(connection, isOffline)))
    const ids = tabs.map(({ connection }) => connection.view.matrix.doc.clientID)
    expect(new Set(ids).size).toBe(2)
    for (const [index, { connection }] of tabs.entries()) type(connection, `${index} `)
    for (const { line, connection } of tabs) {
      line.isUp = true
      connection.retry()
    }
    await Promise.all(tabs.map(({ connection }) => until(connection, isSaved)))
    pc.house.clock.advance(100)
    const durable = readTask(await pc.house.durable(pc.document), FILM)?.titleVi
    expect(durable?.split(' ').toSorted()).toEqual(['0', '1', 'Phim', 'liệu', 'tài'])
    for (const { connection } of tabs) await until(connection, () => title(connection) === durable)
  })

  test('what a tab has not sent stays its own while it is open', async () => {
    const pc = await computer()
    const first = pc.open(person())
    await until(first.connection, isSaved)
    first.line.cut()
    type(first.connection, 'của tab một ')
    await first.connection.flush()
    const second = pc.open(person(), { isUp: false })
    await until(second.connection, isOffline)
    expect(title(second.connection)).toBe('Phim tài liệu')
    expect(second.connection.view.save).toMatchObject({ waiting: 0 })
  })

  test('of a browser that cannot tell them apart: nothing that either writes is lost', async () => {
    const house = new House()
    const pc = new Computer(house, await house.create(), false)
    computers.push(pc)
    const first = pc.open(person())
    await until(first.connection, isSaved)
    const id = first.connection.view.matrix.doc.clientID
    first.line.cut()
    type(first.connection, 'một ')
    await first.connection.flush()
    const second = pc.open(person(), { isUp: false })
    await until(second.connection, isOffline)
    expect(title(second.connection)).toBe('một Phim tài liệu')
    type(first.connection, 'hai ')
    await first.connection.flush()

    second.line.isUp = true
    second.connection.retry()
    await until(second.connection, isSaved)
    expect(second.connection.view.matrix.doc.clientID).not.toBe(id)
    type(second.connection, 'ba ')
    await until(second.connection, isSaved)
    second.connection.close()
    await house.settle()
    await pc.crash(first)

    const third = pc.open(person())
    await until(third.connection, isSaved)
    const durable = readTask(await house.durable(pc.document), FILM)?.titleVi
    expect(durable?.split(' ').toSorted()).toEqual(['Phim', 'ba', 'hai', 'liệu', 'một', 'tài'])
  })
})

describe('what the device keeps', () => {
  test('is gone when the person signs out, also from a tab that is still open', async () => {
    const pc = await computer()
    const first = pc.open(person())
    await until(first.connection, isSaved)
    await first.connection.flush()
    await forgetPerson(person().personId)
    await until(first.connection, (view) => view.keeping === 'while-open')
    const second = pc.open(person(), { isUp: false })
    await until(second.connection, (view) => view.keeping === 'on-device')
    expect(isShown(second.connection.view)).toBe(false)
  })

  test('is nobody else’s', async () => {
    const pc = await computer()
    const first = pc.open(person())
    await until(first.connection, isSaved)
    first.line.cut()
    type(first.connection, 'riêng ')
    await pc.crash(first)
    const other = pc.open(coordinator())
    await until(other.connection, isSaved)
    expect(title(other.connection)).toBe('Phim tài liệu')
    expect(other.connection.view.save.at).toBe('saved')
  })

  test('nothing, when the browser refuses: the page says so before anything is typed, and works', async () => {
    const pc = await computer()
    const forbidden = (): never => {
      throw new Error('forbidden')
    }
    Reflect.set(globalThis, 'indexedDB', { open: forbidden })
    const { connection } = pc.open(person())
    await until(connection, isSaved)
    expect(connection.view.keeping).toBe('while-open')
    type(connection, 'A')
    await until(connection, isSaved)
  })

  test('nothing more, when the disk is full: the page says so, and what is typed is sent as ever', async () => {
    const pc = await computer()
    const { connection } = pc.open(person())
    await until(connection, isSaved)
    await connection.flush()
    const { prototype } = Reflect.get(globalThis, 'IDBObjectStore')
    const { add } = prototype
    prototype.add = (): never => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    try {
      type(connection, 'A')
      await connection.flush()
      expect(connection.view.keeping).toBe('while-open')
    } finally {
      prototype.add = add
    }
    await until(connection, isSaved)
    expect(readTask(await pc.house.durable(pc.document), FILM)?.titleVi).toBe('APhim tài liệu')
  })

  test('stays small however long the page is open', async () => {
    const pc = await computer()
    const first = pc.open(person())
    await until(first.connection, isSaved)
    for (let edit = 0; edit < 260; edit++) {
      type(first.connection, 'a')
      await until(first.connection, isSaved)
      await first.connection.flush()
      pc.house.clock.advance(1_000)
    }
    const database = await openDB(databaseName(person().personId))
    expect(await database.count('base')).toBeLessThan(202)
    expect(await database.count('edits')).toBe(0)
    await pc.crash(first)
    const second = pc.open(person(), { isUp: false })
    await until(second.connection, isOffline)
    expect(title(second.connection)).toBe(`${'a'.repeat(260)}Phim tài liệu`)
  })

  test('bytes that are no update: what the server holds comes anew, what was typed is sent', async () => {
    const pc = await computer()
    const first = pc.open(person())
    await until(first.connection, isSaved)
    first.line.cut()
    type(first.connection, 'còn đây ')
    await pc.crash(first)
    await spoilBase(person().personId)
    const second = pc.open(person())
    await until(second.connection, isSaved)
    expect(title(second.connection)).toBe('còn đây Phim tài liệu')
    expect(readTask(await pc.house.durable(pc.document), FILM)?.titleVi).toBe('còn đây Phim tài liệu')
  })

  test('an edit without what it hangs on: offered, and not called saved', async () => {
    const pc = await computer()
    const first = pc.open(person())
    await until(first.connection, isSaved)
    first.line.cut()
    type(first.connection, 'đầu ')
    await first.connection.flush()
    editTaskText(
      first.connection.view.matrix,
      FILM,
      'titleVi',
      { index: 2, remove: 0, insert: 'cuối' },
      first.connection.origin,
    )
    await pc.crash(first)
    await spoilBase(person().personId)
    const database = await openDB(databaseName(person().personId))
    const [oldest] = await database.getAllKeys('edits')
    if (oldest !== undefined) await database.delete('edits', oldest)
    for (let visit = 0; visit < 2; visit++) {
      const tab = pc.open(person())
      await until(tab.connection, isSaved)
      expect(tab.connection.view.refused).toEqual([
        { path: ['tasks', FILM, 'titleVi'], mine: 'cuối', theirs: 'Phim tài liệu', code: 'gap' },
      ])
      await pc.crash(tab)
    }
  })
})

/** Overwrites what the device holds of the server's content, as a broken disk would. */
async function spoilBase(personId: string): Promise<void> {
  const database = await openDB(databaseName(personId))
  for (const key of await database.getAllKeys('base')) {
    const row = (await database.get('base', key)) as { document: string }
    await database.put('base', { ...row, update: Uint8Array.of(7, 7, 7) }, key)
  }
}
