import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { cell, launchBrowser, openMatrix, savedLine } from './browser.ts'

/** Both led by the tourism department. */
const LEAFLET = 'NV-IV-4'
const VISITS = 'NV-III-4'
const COORDINATOR = 'coordinator@demo.dongbo'
const LEAD = 'sdl.officer@demo.dongbo'

/** As text, because these tests know nothing of a browser's types: the names of what the page has stored. */
const LEFT_ON_MACHINE = `indexedDB.databases().then((databases) => [
  databases.map(({ name }) => name),
  Object.keys(localStorage).filter((key) => key.startsWith('dongbo.kept.')),
])`

let browser: Browser
const endings: (() => Promise<void>)[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

describe('without the network', () => {
  test('the page starts, shows what was typed, and sends it when the network is back', async () => {
    const { coordinator, lead, faults } = await twoPeople()
    await goOffline(lead)
    await typeInto(lead, LEAFLET, 'title', '[Viết ngoài biên giới] ')
    await typeInto(lead, VISITS, 'title', '[Viết lúc mất mạng] ')
    await keptHere(lead).waitFor()

    await lead.reload()
    await keptHere(lead).waitFor()
    await lead.getByText(/Ngoại tuyến từ \d\d:\d\d/).waitFor()
    await cell(lead, LEAFLET, 'title').filter({ hasText: '[Viết ngoài biên giới]' }).waitFor()
    expect(await cell(coordinator, LEAFLET, 'title').innerText()).not.toContain('biên giới')

    await lead.context().setOffline(false)
    await savedLine(lead).waitFor()
    await cell(coordinator, LEAFLET, 'title').filter({ hasText: '[Viết ngoài biên giới]' }).waitFor()
    await cell(coordinator, VISITS, 'title').filter({ hasText: '[Viết lúc mất mạng]' }).waitFor()
    for (const task of [LEAFLET, VISITS]) {
      expect(await cell(coordinator, task, 'title').innerText()).toBe(await cell(lead, task, 'title').innerText())
    }
    expect(await lead.getByText(/máy chủ từ chối/).count()).toBe(0)
    expect(faults).toEqual([])
  })

  test('a right that went away meanwhile: the allowed part is written again, the rest is offered', async () => {
    const { coordinator, lead, faults } = await twoPeople()
    const before = await cell(coordinator, LEAFLET, 'title').innerText()
    await goOffline(lead)
    await typeInto(lead, LEAFLET, 'title', '[Không còn quyền] ')
    await cell(lead, LEAFLET, 'sdl').click()
    await lead.keyboard.press('Escape')
    await lead.keyboard.press('Digit7')
    await keptHere(lead).waitFor()
    await lead.reload()
    await keptHere(lead).waitFor()
    await cell(coordinator, LEAFLET, 'svhtt').click()
    await coordinator.keyboard.press('Escape')
    await coordinator.keyboard.press('Digit1')
    await savedLine(coordinator).waitFor()

    await lead.context().setOffline(false)
    await lead.getByText(/Chưa lưu: máy chủ từ chối 1 ô/).waitFor()
    await labelled(coordinator, LEAFLET, 'sdl', /Tham mưu/)
    expect(await cell(coordinator, LEAFLET, 'title').innerText()).toBe(before)

    // It is still offered after another start.
    await lead.reload()
    await lead.getByText(/Chưa lưu: máy chủ từ chối 1 ô/).waitFor()
    await lead.getByRole('button', { name: 'Xem' }).click()
    await lead.getByRole('dialog').getByText('[Không còn quyền]').waitFor()
    expect(await cell(coordinator, LEAFLET, 'title').innerText()).toBe(before)
    expect(faults).toEqual([])
  })

  test('signing out leaves nothing on the machine for the next person', async () => {
    const { lead, faults } = await twoPeople()
    await lead.getByRole('button', { name: 'Tài khoản và cách hiển thị' }).click()
    await lead.getByRole('menuitem', { name: 'Đăng xuất' }).click()
    await lead.waitForURL(/sign-in/)
    const left = async (): Promise<unknown> => await lead.evaluate(LEFT_ON_MACHINE)
    await expect.poll(left).toEqual([[], []])
    expect(faults).toEqual([])
  })
})

describe('where no WebSocket gets through', () => {
  test('plain requests are chosen by themselves: two people edit, and what they do is acknowledged', async () => {
    const server = await ServerProcess.start()
    endings.push(() => server.remove())
    const faults: string[] = []
    const coordinator = await openMatrix(browser, server.url, COORDINATOR, faults)
    const lead = await openMatrix(browser, server.url, LEAD, faults)
    endings.push(
      () => coordinator.context().close(),
      () => lead.context().close(),
    )
    await lead.context().addInitScript(() => {
      // As behind a proxy that knows no upgrade: the attempt ends without ever having opened.
      const { WebSocket } = globalThis
      globalThis.WebSocket = class BlockedSocket extends WebSocket {
        constructor() {
          super('/no-upgrade-here')
        }
      }
    })
    await lead.reload()
    await savedLine(lead).waitFor()
    await typeInto(lead, LEAFLET, 'title', '[Qua yêu cầu thường] ')
    await savedLine(lead).waitFor()
    await cell(coordinator, LEAFLET, 'title').filter({ hasText: '[Qua yêu cầu thường]' }).waitFor()
    await typeInto(coordinator, LEAFLET, 'title', '[Điều phối] ')
    await cell(lead, LEAFLET, 'title').filter({ hasText: '[Điều phối]' }).waitFor()
    await savedLine(coordinator).waitFor()
    const title = await cell(coordinator, LEAFLET, 'title').innerText()
    await cell(lead, LEAFLET, 'title').filter({ hasText: title }).waitFor()
    expect(faults).toEqual([])
  })
})

interface TwoPeople {
  readonly coordinator: Page
  readonly lead: Page
  readonly faults: string[]
}

async function twoPeople(): Promise<TwoPeople> {
  const server = await ServerProcess.start()
  endings.push(() => server.remove())
  const faults: string[] = []
  const coordinator = await openMatrix(browser, server.url, COORDINATOR, faults)
  const lead = await openMatrix(browser, server.url, LEAD, faults)
  endings.push(
    () => coordinator.context().close(),
    () => lead.context().close(),
  )
  // The shell is kept once its worker stands.
  await lead.evaluate('navigator.serviceWorker.ready.then(() => true)')
  return { coordinator, lead, faults }
}

async function goOffline(page: Page): Promise<void> {
  await page.context().setOffline(true)
  await page.getByRole('status').filter({ hasText: 'Ngoại tuyến' }).waitFor()
}

/** The save line's word for what waits on this machine: kept, and not saved. */
function keptHere(page: Page): ReturnType<Page['getByText']> {
  return page.getByText(/Giữ trên máy này, chưa lưu ở máy chủ/)
}

async function typeInto(page: Page, task: string, column: string, text: string): Promise<void> {
  await cell(page, task, column).click()
  await page.keyboard.press('F2')
  await page.getByRole('dialog').getByRole('textbox').waitFor()
  await page.keyboard.press('Home')
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

async function labelled(page: Page, task: string, body: string, label: RegExp): Promise<void> {
  const name = cell(page, task, body)
  await expect.poll(() => name.getAttribute('aria-label'), { timeout: 5_000 }).toMatch(label)
}
