// Makes the README's picture from the running app: `pnpm picture`, then look at docs/images/matrix.png.
import { join } from 'node:path'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { cell, launchBrowser, openMatrix } from './browser.ts'

const PICTURE = join(import.meta.dirname, '..', '..', 'docs', 'images', 'matrix.png')
const FRAME = { width: 1440, height: 900 }

const server = await ServerProcess.start()
const browser = await launchBrowser()
try {
  const faults: string[] = []
  const coordinator = await openMatrix(browser, server.url, 'coordinator@demo.dongbo', faults)
  const tourism = await openMatrix(browser, server.url, 'sdl.officer@demo.dongbo', faults)
  for (const page of [coordinator, tourism]) await page.setViewportSize(FRAME)
  await cell(coordinator, 'NV-I-6', 'deadline').click()
  await cell(tourism, 'NV-I-5', 'sdl').click()
  await coordinator.getByText('Chuyên viên Sở Du lịch').first().waitFor()
  await coordinator.screenshot({ path: PICTURE })
  if (faults.length > 0) throw new Error(faults.join('\n'))
  console.log(PICTURE)
} finally {
  await browser.close()
  await server.remove()
}
