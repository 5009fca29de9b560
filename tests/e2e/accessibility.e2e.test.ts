import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { DEMO_PASSWORD } from '@dongbo/testkit/liveTab.ts'
import { launchBrowser, openMatrix } from './browser.ts'

const DRAWER = 'section[aria-label^="Chi tiết"]'

let browser: Browser
let server: ServerProcess

beforeAll(async () => {
  ;[browser, server] = await Promise.all([launchBrowser(), ServerProcess.start()])
})
afterAll(async () => {
  await browser.close()
  await server.remove()
})

/** What axe finds in a part of the page that keeps somebody out, as `theme: rule: place`. In the dark only the colours differ. */
async function obstacles(page: Page, part = 'body'): Promise<readonly string[]> {
  const found: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    const axe = new AxeBuilder({ page }).include(part)
    const { violations } = await (colorScheme === 'dark' ? axe.withRules(['color-contrast']) : axe).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    for (const { id, nodes } of serious)
      found.push(...nodes.map(({ target }) => `${colorScheme}: ${id}: ${target.join(' ')}`))
  }
  return found
}

describe('nobody is kept out', () => {
  test('the sign-in screen, and signing in with the keyboard alone', async () => {
    const context = await browser.newContext({ locale: 'vi-VN', viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    await page.goto(server.url)
    const body = page.getByRole('combobox')
    await body.waitFor()
    expect(await obstacles(page)).toEqual([])

    // Without marks, as people type in a hurry.
    await body.focus()
    await page.keyboard.type('so du lich')
    await page.getByRole('option', { name: /Sở Du lịch/ }).waitFor()
    await page.keyboard.press('Enter')
    const email = page.getByLabel('Thư điện tử công vụ')
    await email.waitFor()
    expect(await obstacles(page)).toEqual([])
    await email.fill('sdl.officer@demo.dongbo')
    await page.getByLabel('Mật khẩu').fill('not the password')
    await page.keyboard.press('Enter')
    await page.getByText('Thư điện tử hoặc mật khẩu không đúng').waitFor()
    await page.getByLabel('Mật khẩu').fill(DEMO_PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('grid').waitFor()
    await context.close()
  })

  test('the matrix, its drawer and its role picker', async () => {
    const page = await openMatrix(browser, server.url, 'sdl.officer@demo.dongbo', [], {
      viewport: { width: 1440, height: 900 },
    })
    expect(await obstacles(page)).toEqual([])
    await page.locator('[data-line="NV-I-1"] [data-column="sdl"]').click()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    expect(await obstacles(page, '[role=dialog]')).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Space')
    await page.locator(DRAWER).waitFor()
    expect(await obstacles(page, DRAWER)).toEqual([])
    await page.context().close()
  })
})
