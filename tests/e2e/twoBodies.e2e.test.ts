import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Store as DatabaseStore } from '@dongbo/db/connect.ts'
import { lockFolder } from '@dongbo/db/folderLock.ts'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { cell, launchBrowser, openMatrix, readRows, savedLine } from './browser.ts'
import { STORES } from './databases.ts'
import { expectStored, giveRole, labelled, LEAFLET, openTitle, PLAN } from './matrixActs.ts'

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
    const { databaseUrl } = store.options
    const database: DatabaseStore =
      databaseUrl === undefined
        ? { engine: 'pglite', lock: lockFolder(server.dataDir) }
        : { engine: 'postgres', url: databaseUrl }
    await expectStored(database, title)
  })
})
