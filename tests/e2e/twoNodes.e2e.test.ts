import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { startNodes, type Nodes } from '../nodes/nodes.ts'
import { cell, launchBrowser, openMatrix, readRows, savedLine } from './browser.ts'
import { expectStored, giveRole, labelled, LEAFLET, openTitle, PLAN } from './matrixActs.ts'

let browser: Browser
let running: Nodes

beforeAll(async () => {
  browser = await launchBrowser()
  running = await startNodes()
})
afterAll(async () => {
  await browser?.close()
  await running?.stop()
})

async function figure({ url }: ServerProcess, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}

const figures = (name: string): Promise<number[]> => Promise.all(running.nodes.map((node) => figure(node, name)))

test('two bodies edit one matrix on two nodes; the node that judges is killed, and it costs nobody anything', async () => {
  const faults: string[] = []
  const coordinator = await openMatrix(browser, running.url, 'coordinator@demo.dongbo', faults)
  const lead = await openMatrix(browser, running.url, 'sdl.officer@demo.dongbo', faults)
  // The proxy sends a socket where the fewest are.
  expect(await figures('dongbo_room_sockets')).toEqual([1, 1])
  const pages = [coordinator, lead]

  // Both type in one title at once, each on another node.
  await Promise.all(pages.map(openTitle))
  await coordinator.keyboard.press('Home')
  await lead.keyboard.press('End')
  await Promise.all([
    coordinator.keyboard.type('[Điều phối viết] ', { delay: 15 }),
    lead.keyboard.type(' [Sở Du lịch viết]', { delay: 15 }),
  ])
  await Promise.all(pages.map((page) => page.keyboard.press('Enter')))
  const both = /\[Điều phối viết\] .*In tờ gấp.* \[Sở Du lịch viết\]/
  for (const page of pages) await cell(page, LEAFLET, 'title').filter({ hasText: both }).waitFor()

  // Each gives its own body a part; the lead may not write another body's cell, and is told why.
  await giveRole(lead, PLAN, 'sdl', 'Digit2')
  await giveRole(coordinator, LEAFLET, 'svhtt', 'Digit7')
  for (const page of pages) {
    await labelled(page, PLAN, 'sdl', /Phối hợp/)
    await labelled(page, LEAFLET, 'svhtt', /Tham mưu/)
  }
  await giveRole(lead, PLAN, 'stc', 'Digit4')
  await lead
    .getByText(/Ô của .*Tài chính.*: chỉ cơ quan đó và người điều phối ghi được/)
    .first()
    .waitFor()

  // The node that judges is killed while both write on.
  const written = await figures('dongbo_log_entries_total')
  const judge = running.nodes[(written[0] ?? 0) >= (written[1] ?? 0) ? 0 : 1]
  await openTitle(coordinator)
  await coordinator.keyboard.press('End')
  await coordinator.keyboard.type(' (bổ sung', { delay: 15 })
  await judge.kill('SIGKILL')
  await coordinator.keyboard.type(' khi mất máy chủ)', { delay: 15 })
  await coordinator.keyboard.press('Enter')
  for (const page of pages) {
    await savedLine(page).waitFor()
    await cell(page, LEAFLET, 'title').filter({ hasText: 'bổ sung khi mất máy chủ' }).waitFor()
  }

  // It comes back; both screens, a fresh browser and the database agree.
  await judge.restart()
  const fresh = await openMatrix(browser, running.url, 'vp-ubnd.officer@demo.dongbo', faults)
  const rows = await readRows(fresh, [PLAN])
  for (const page of pages) expect(await readRows(page, [PLAN])).toEqual(rows)
  const title = await cell(fresh, LEAFLET, 'title').innerText()
  for (const page of pages) expect(await cell(page, LEAFLET, 'title').innerText()).toBe(title)
  expect(title).toMatch(both)
  expect(faults).toEqual([])
  await expectStored({ engine: 'postgres', url: running.databaseUrl }, title)
})
