import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '@dongbo/db/connect.ts'
import { lockFolder } from '@dongbo/db/folderLock.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { openMatrix as openDocument } from '@dongbo/model/matrix/shape.ts'
import { readCellRoles, readTask } from '@dongbo/model/matrix/read.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { trustedId, type BodyId, type TaskId } from '@dongbo/model/ids.ts'
import { replay } from '@dongbo/sync/room/replay.ts'
import { DEMO_MATRIX } from '@dongbo/testkit/liveTab.ts'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { cell, launchBrowser, openMatrix, readRows, savedLine } from './browser.ts'
import { STORES } from './databases.ts'

/** Led by the tourism department; its approver is the same body. */
const LEAFLET = 'NV-IV-4'
/** The tourism department has no part in it so far. */
const PLAN = 'NV-I-1'

let browser: Browser
const endings: (() => Promise<void>)[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

describe.each(STORES)('two bodies edit one matrix, on $name', ({ make }) => {
  test('both texts stay, each writes its own column, a killed server costs nobody anything', async () => {
    const store = await make()
    endings.push(store.remove)
    const server = await ServerProcess.start(store.options)
    endings.push(() => server.remove())
    const faults: string[] = []
    const coordinator = await openMatrix(browser, server.url, 'coordinator@demo.dongbo', faults)
    const lead = await openMatrix(browser, server.url, 'sdl.officer@demo.dongbo', faults)

    // Both type in one title at once.
    await Promise.all([openTitle(coordinator), openTitle(lead)])
    await coordinator.keyboard.press('Home')
    await lead.keyboard.press('End')
    await Promise.all([
      coordinator.keyboard.type('[Điều phối viết] ', { delay: 15 }),
      lead.keyboard.type(' [Sở Du lịch viết]', { delay: 15 }),
    ])
    await Promise.all([coordinator.keyboard.press('Enter'), lead.keyboard.press('Enter')])
    const both = /\[Điều phối viết\] .*In tờ gấp.* \[Sở Du lịch viết\]/
    for (const page of [coordinator, lead]) await cell(page, LEAFLET, 'title').filter({ hasText: both }).waitFor()

    // Each gives its own body a part.
    await giveRole(lead, PLAN, 'sdl', 'Digit2')
    await giveRole(coordinator, LEAFLET, 'svhtt', 'Digit7')
    for (const page of [coordinator, lead]) {
      await labelled(page, PLAN, 'sdl', /Phối hợp/)
      await labelled(page, LEAFLET, 'svhtt', /Tham mưu/)
    }

    // The lead tries another body's cell and is told why.
    await giveRole(lead, PLAN, 'stc', 'Digit4')
    await lead
      .getByText(/Ô của .*Tài chính.*: chỉ cơ quan đó và người điều phối ghi được/)
      .first()
      .waitFor()
    await labelled(lead, PLAN, 'stc', /Thẩm định/)

    // The server dies while both have it open; what is typed meanwhile waits and is sent.
    await server.kill('SIGKILL')
    await coordinator.getByRole('status').filter({ hasText: 'Ngoại tuyến' }).waitFor()
    await openTitle(coordinator)
    await coordinator.keyboard.press('End')
    await coordinator.keyboard.type(' (bổ sung khi mất mạng)')
    await coordinator.keyboard.press('Enter')
    await coordinator
      .getByRole('status')
      .filter({ hasText: /Ngoại tuyến – \d+ thay đổi chờ/ })
      .waitFor()
    await server.restart()
    for (const page of [coordinator, lead]) {
      await savedLine(page).waitFor()
      await cell(page, LEAFLET, 'title').filter({ hasText: 'bổ sung khi mất mạng' }).waitFor()
    }

    // Both screens, a third fresh browser and the database agree.
    const fresh = await openMatrix(browser, server.url, 'vp-ubnd.officer@demo.dongbo', faults)
    const rows = await readRows(fresh, [PLAN])
    expect(rows.length).toBeGreaterThan(40)
    for (const page of [coordinator, lead]) expect(await readRows(page, [PLAN])).toEqual(rows)
    const title = await cell(fresh, LEAFLET, 'title').innerText()
    for (const page of [coordinator, lead]) expect(await cell(page, LEAFLET, 'title').innerText()).toBe(title)
    expect(title).toMatch(both)
    expect(faults).toEqual([])

    await server.kill('SIGTERM')
    await expectStored(server, store.options.databaseUrl, title)
  })
})

async function openTitle(page: Page): Promise<void> {
  await cell(page, LEAFLET, 'title').click()
  await page.keyboard.press('F2')
  await page.getByRole('dialog').getByRole('textbox').waitFor()
}

async function giveRole(page: Page, task: string, body: string, key: string): Promise<void> {
  await cell(page, task, body).click()
  await page.keyboard.press('Escape')
  await page.keyboard.press(key)
}

async function labelled(page: Page, task: string, body: string, label: RegExp): Promise<void> {
  const name = cell(page, task, body)
  await expect.poll(() => name.getAttribute('aria-label'), { timeout: 5_000 }).toMatch(label)
}

/** Reads the database without the server and compares it with what the screens show. */
async function expectStored(server: ServerProcess, databaseUrl: string | undefined, title: string): Promise<void> {
  const connection = await connect(
    databaseUrl === undefined
      ? { engine: 'pglite', lock: lockFolder(server.dataDir) }
      : { engine: 'postgres', url: databaseUrl },
  )
  try {
    const stored = await databaseUpdateLog(connection.database).load(DEMO_MATRIX)
    if (stored === null) throw new Error('the matrix is not in the database')
    const matrix = openDocument(replay(stored).doc)
    expect(matrixViolations(matrix)).toEqual([])
    expect(readTask(matrix, trustedId<TaskId>(LEAFLET))?.titleVi).toBe(title)
    expect(readCellRoles(matrix, trustedId<TaskId>(PLAN), trustedId<BodyId>('sdl'))).toEqual(['coordinate'])
    expect(readCellRoles(matrix, trustedId<TaskId>(LEAFLET), trustedId<BodyId>('svhtt'))).toEqual(['advise'])
  } finally {
    await connection.close()
  }
}
