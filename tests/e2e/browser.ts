import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import { DEMO_PASSWORD, signIn } from '@dongbo/testkit/liveTab.ts'

/** Quiet: no calls home, no sandbox (CI runs as root), software rendering. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ARGUMENTS })
}

/** Wide and high enough that the whole demo matrix is in view. */
const VIEWPORT = { width: 1900, height: 2800 }

/** A person's browser of his own, signed in, with the matrix open. Whatever goes wrong in the page fails the test. */
export async function openMatrix(
  browser: Browser,
  url: string,
  email: string,
  faults: string[],
  differs: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: VIEWPORT, locale: 'vi-VN', baseURL: url, ...differs })
  await signInContext(context, url, email)
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`${email}: ${error.message}`))
  await page.goto('/')
  await page.getByRole('grid').waitFor()
  await savedLine(page).waitFor()
  return page
}

async function signInContext(context: BrowserContext, url: string, email: string): Promise<void> {
  const [name = '', value = ''] = (await signIn(url, email, DEMO_PASSWORD)).split('=')
  await context.addCookies([{ name, value, url, httpOnly: true, sameSite: 'Lax' }])
}

/** The save line once the server has confirmed everything. */
export function savedLine(page: Page): ReturnType<Page['getByRole']> {
  return page.getByRole('status').filter({ hasText: /Đã lưu bền vững|Đã nối/ })
}

/** A cell of the matrix, by its task and its column (a body's id or a field). */
export function cell(page: Page, task: string, column: string): ReturnType<Page['locator']> {
  return page.locator(`[data-line="${task}"] [data-column="${column}"]`)
}

/** What everybody can read in the rows of these tasks, without what differs by person (may I write here). */
export async function readRows(page: Page, tasks: readonly string[]): Promise<readonly (string | null)[]> {
  const rows: (string | null)[] = []
  for (const task of tasks) {
    const cells = page.locator(`[data-line="${task}"] [data-column]`)
    const labels = await cells.evaluateAll((elements) => elements.map((element) => element.getAttribute('aria-label')))
    rows.push(...labels.map((label) => label?.replace(/, [^,]*$/, '') ?? null))
  }
  return rows
}
