import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { connect, type Store } from '@dongbo/db/connect.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { openMatrix as openDocument } from '@dongbo/model/matrix/shape.ts'
import { readCellRoles, readTask } from '@dongbo/model/matrix/read.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { trustedId, type BodyId, type TaskId } from '@dongbo/model/ids.ts'
import { replay } from '@dongbo/sync/room/replay.ts'
import { DEMO_MATRIX } from '@dongbo/testkit/liveTab.ts'
import { cell } from './browser.ts'

/** Led by the tourism department; its approver is the same body. */
export const LEAFLET = 'NV-IV-4'
/** The tourism department has no part in it so far. */
export const PLAN = 'NV-I-1'

export async function openTitle(page: Page): Promise<void> {
  await cell(page, LEAFLET, 'title').click()
  await page.keyboard.press('F2')
  await page.getByRole('dialog').getByRole('textbox').waitFor()
}

export async function giveRole(page: Page, task: string, body: string, key: string): Promise<void> {
  await cell(page, task, body).click()
  await page.keyboard.press('Escape')
  await page.keyboard.press(key)
}

export async function labelled(page: Page, task: string, body: string, label: RegExp): Promise<void> {
  const name = cell(page, task, body)
  await expect.poll(() => name.getAttribute('aria-label'), { timeout: 5_000 }).toMatch(label)
}

/** Reads the database without a server and compares it with what the screens show. */
export async function expectStored(store: Store, title: string): Promise<void> {
  const connection = await connect(store)
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
