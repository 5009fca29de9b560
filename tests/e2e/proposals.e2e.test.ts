import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page, WebSocketRoute } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { cell, launchBrowser, openMatrix, readRows, savedLine } from './browser.ts'

/** Led by the tourism department. */
const LEAFLET = 'NV-IV-4'
const TYPED = '[viết khi mất mạng] '

let browser: Browser
const endings: (() => Promise<void>)[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

describe('what may not be written becomes a proposal', () => {
  test('a right that went away while offline: the rest of his edits go in, this one is proposed and accepted', async () => {
    const { coordinator, lead, line, faults } = await twoPeople()
    const before = await cell(coordinator, LEAFLET, 'title').innerText()

    // The lead types without a connection; meanwhile the coordinator gives the task to somebody else.
    await line.cut()
    await lead.getByRole('status').filter({ hasText: 'Ngoại tuyến' }).waitFor()
    await cell(lead, LEAFLET, 'title').click()
    await lead.keyboard.press('F2')
    await lead.getByRole('dialog').getByRole('textbox').waitFor()
    await lead.keyboard.press('Home')
    await lead.keyboard.type(TYPED)
    await lead.keyboard.press('Enter')
    await cell(lead, 'NV-I-1', 'sdl').click()
    await lead.keyboard.press('Escape')
    await lead.keyboard.press('Digit2')
    await cell(coordinator, LEAFLET, 'svhtt').click()
    await coordinator.keyboard.press('Escape')
    await coordinator.keyboard.press('Digit1')
    await savedLine(coordinator).waitFor()
    await line.mend()

    // What he may still write is written again by itself.
    await labelled(coordinator, 'NV-I-1', 'sdl', /Phối hợp/)
    // Nothing typed is lost: the rest is shown beside what stands there, and offered to whoever may decide it.
    await lead.getByText(/Chưa lưu: máy chủ từ chối 1 ô/).waitFor()
    await lead.getByRole('button', { name: 'Xem' }).click()
    const refused = lead.getByRole('dialog', { name: 'Chưa lưu được 1 ô' })
    await refused.getByText(TYPED.trim()).waitFor()
    await refused.getByText(before).first().waitFor()
    await refused.getByText(/Chỉ cơ quan chủ trì .* và người điều phối ghi được/).waitFor()
    expect(await obstacles(lead, 'dialog')).toEqual([])
    await refused.getByRole('button', { name: 'Đề xuất ô này' }).click()
    await lead.getByText(/Chưa lưu: máy chủ từ chối/).waitFor({ state: 'detached' })
    await savedLine(lead).waitFor()

    // It is a proposal for everybody, and the cell is as it was.
    await labelled(coordinator, LEAFLET, 'title', /1 đề xuất chờ/)
    expect(await cell(coordinator, LEAFLET, 'title').innerText()).toBe(before)
    await cell(lead, LEAFLET, 'title').click()
    await lead.keyboard.press('Space')
    const mine = lead.getByRole('region', { name: 'Đề xuất', exact: true })
    await mine.getByText(/Sở Du lịch \(bạn\)/).waitFor()
    expect(await mine.getByRole('button', { name: /^Nhận/ }).count()).toBe(0)
    await mine.getByRole('button', { name: /^Rút đề xuất/ }).waitFor()

    // The coordinator may decide it.
    await cell(coordinator, LEAFLET, 'title').click()
    await coordinator.keyboard.press('Space')
    const theirs = coordinator.getByRole('region', { name: 'Đề xuất', exact: true })
    await theirs.getByRole('insertion').filter({ hasText: TYPED.trim() }).waitFor()
    expect(await obstacles(coordinator, 'section[aria-label^="Chi tiết"]')).toEqual([])
    await theirs.getByRole('button', { name: /^Nhận/ }).click()
    await savedLine(coordinator).waitFor()
    for (const page of [coordinator, lead]) {
      await cell(page, LEAFLET, 'title')
        .filter({ hasText: `${TYPED}${before}` })
        .waitFor()
      expect(await cell(page, LEAFLET, 'title').getAttribute('aria-label')).not.toMatch(/đề xuất chờ/)
    }
    await mine.getByText('1 đề xuất đã trả lời').click()
    await mine.getByText('Đã nhận').waitFor()
    expect(await readRows(lead, [LEAFLET])).toEqual(await readRows(coordinator, [LEAFLET]))
    expect(faults).toEqual([])
  })

  test('asked for at a locked cell, declined with a word, taken back', async () => {
    const { coordinator, lead, faults } = await twoPeople()
    const before = await cell(lead, 'NV-I-1', 'deadline').innerText()

    const asked = await ask(lead, '20/12', 'Trùng hạn báo cáo năm')
    await labelled(coordinator, 'NV-I-1', 'deadline', /1 đề xuất chờ/)
    await cell(coordinator, 'NV-I-1', 'deadline').click()
    await coordinator.keyboard.press('Space')
    const theirs = coordinator.getByRole('region', { name: 'Đề xuất', exact: true })
    await theirs.getByText('Trùng hạn báo cáo năm').waitFor()
    await theirs.getByRole('button', { name: /^Từ chối/ }).click()
    // No decline without a word.
    await theirs.getByRole('button', { name: 'Từ chối', exact: true }).click()
    await theirs.getByText('Viết lý do').waitFor()
    await theirs.getByLabel('Từ chối vì').fill('Hạn này thành phố đã giao')
    await theirs.getByRole('button', { name: 'Từ chối', exact: true }).click()

    await asked.getByText('1 đề xuất đã trả lời').click()
    await asked.getByText('Hạn này thành phố đã giao').waitFor()
    await ask(lead, '21/12', '')
    await labelled(coordinator, 'NV-I-1', 'deadline', /1 đề xuất chờ/)
    await asked.getByRole('button', { name: /^Rút đề xuất/ }).click()
    await asked.getByText('2 đề xuất đã trả lời').waitFor()
    await labelled(coordinator, 'NV-I-1', 'deadline', /^(?!.*đề xuất)/)
    expect(await cell(coordinator, 'NV-I-1', 'deadline').innerText()).toBe(before)
    expect(faults).toEqual([])
  })
})

/** The coordinator, and the tourism department behind a line that can be cut. */
async function twoPeople() {
  const server = await ServerProcess.start()
  endings.push(() => server.remove())
  const faults: string[] = []
  const coordinator = await openMatrix(browser, server.url, 'coordinator@demo.dongbo', faults)
  const lead = await openMatrix(browser, server.url, 'sdl.officer@demo.dongbo', faults)
  endings.push(async () => {
    await Promise.all([coordinator, lead].map((page) => page.context().close()))
  })
  return { coordinator, lead, line: await cuttable(lead), faults }
}

/** Puts the page behind a line that can be cut: loading it anew makes its sockets go through the line. */
async function cuttable(page: Page): Promise<{ cut(): Promise<void>; mend(): Promise<void> }> {
  const open = new Set<WebSocketRoute>()
  let isCut = false
  await page.routeWebSocket(/\/sync\//, (socket) => {
    if (isCut) {
      void socket.close({ code: 4999 })
      return
    }
    open.add(socket)
    const server = socket.connectToServer()
    socket.onMessage((message) => server.send(message))
    server.onMessage((message) => socket.send(message))
  })
  await page.reload()
  await page.getByRole('grid').waitFor()
  await savedLine(page).waitFor()
  return {
    async cut() {
      isCut = true
      await Promise.all([...open].map((socket) => socket.close({ code: 4999 })))
      open.clear()
    },
    async mend() {
      isCut = false
    },
  }
}

/** Proposes a deadline in the drawer of a task that the person does not lead. */
async function ask(page: Page, date: string, reason: string) {
  const section = page.getByRole('region', { name: 'Đề xuất', exact: true })
  if ((await section.count()) === 0) {
    await cell(page, 'NV-I-1', 'deadline').click()
    await page.keyboard.press('Space')
  }
  await section.getByRole('button', { name: 'Đề xuất thay đổi' }).click()
  await section.getByLabel('Giá trị đề xuất').fill(date)
  expect(await obstacles(page, '#proposals')).toEqual([])
  await section.getByLabel('Lý do').fill(reason)
  await section.getByRole('button', { name: 'Gửi đề xuất' }).click()
  await savedLine(page).waitFor()
  return section
}

async function labelled(page: Page, task: string, column: string, label: RegExp): Promise<void> {
  await expect.poll(() => cell(page, task, column).getAttribute('aria-label'), { timeout: 5_000 }).toMatch(label)
}

/** What axe finds there that keeps somebody out. */
async function obstacles(page: Page, part: string): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}
