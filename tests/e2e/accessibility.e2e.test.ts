import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { DEMO_PASSWORD } from '@dongbo/testkit/liveTab.ts'
import { launchBrowser, openMatrix } from './browser.ts'

let browser: Browser
let server: ServerProcess

beforeAll(async () => {
  ;[browser, server] = await Promise.all([launchBrowser(), ServerProcess.start()])
})
afterAll(async () => {
  await browser.close()
  await server.remove()
})

/** What axe finds that keeps somebody out, as `rule: place`. */
async function obstacles(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}`))
}

describe.each(['light', 'dark'] as const)('nobody is kept out, %s', (colorScheme) => {
  test('the sign-in screen, and signing in with the keyboard alone', async () => {
    const context = await browser.newContext({ colorScheme, locale: 'vi-VN', viewport: { width: 1440, height: 900 } })
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
      colorScheme,
      viewport: { width: 1440, height: 900 },
    })
    expect(await obstacles(page)).toEqual([])
    await page.locator('[data-line="NV-I-1"] [data-column="sdl"]').click()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    expect(await obstacles(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Space')
    await page.getByRole('complementary').waitFor()
    expect(await obstacles(page)).toEqual([])
    await page.context().close()
  })
})
