import { afterEach, describe, expect, test } from 'vitest'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { trustedId, type TaskId } from '@dongbo/model/ids.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import { taskText } from '@dongbo/model/matrix/shape.ts'
import { isSaved, openTab, until } from '@dongbo/testkit/liveTab.ts'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import type { Connection } from '@dongbo/sync/client/connection.ts'
import { STORES } from './databases.ts'

const TASK = trustedId<TaskId>('NV-III-1')
const CYCLES = Number(process.env['KILL_CYCLES'] ?? 6)

let server: ServerProcess | null = null
let removeStore = async (): Promise<void> => undefined
const tabs: Connection[] = []

afterEach(async () => {
  for (const tab of tabs.splice(0)) tab.close()
  await server?.remove()
  server = null
  await removeStore()
})

describe.each(STORES)('the server is killed with SIGKILL while people type, on $name', ({ make }) => {
  test(`nothing acknowledged is lost or doubled in ${CYCLES} cycles, and all copies end the same`, async () => {
    const store = await make()
    removeStore = store.remove
    server = await ServerProcess.start(store.options)
    const { url } = server
    const random = seededRandom(9)
    for (const [seed, email] of ['coordinator@demo.dongbo', 'svhtt.officer@demo.dongbo'].entries()) {
      tabs.push(await openTab(url, email, seed))
    }
    for (const tab of tabs) await until(tab, isSaved)
    const typed: string[] = []
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const acknowledged: Promise<unknown>[] = []
      for (const [index, tab] of tabs.entries()) {
        for (let edit = 0; edit < 3 + random.below(5); edit++) {
          const mark = `<${cycle}.${index}.${edit}>`
          typed.push(mark)
          type(tab, mark)
        }
        acknowledged.push(until(tab, isSaved))
      }
      // Killed at any moment of the commit: right away, or once one of them has heard "saved".
      if (random.below(2) === 0) await Promise.race(acknowledged)
      await server.kill()
      await server.restart()
      await Promise.all(tabs.map((tab) => until(tab, isSaved)))
    }
    const fresh = await openTab(url, 'sdl.officer@demo.dongbo', 7)
    tabs.push(fresh)
    await until(fresh, isSaved)
    const note = readTask(fresh.view.matrix, TASK)?.noteVi ?? ''
    for (const mark of typed) expect(note.split(mark).length - 1, `${mark} stands once`).toBe(1)
    for (const tab of tabs) {
      await until(tab, (view) => readTask(view.matrix, TASK)?.noteVi === note)
      expect(tab.view.matrix.doc.toJSON()).toEqual(fresh.view.matrix.doc.toJSON())
    }
  })
})

function type(tab: Connection, mark: string): void {
  const { matrix } = tab.view
  const index = taskText(matrix, TASK, 'noteVi')?.length ?? 0
  editTaskText(matrix, TASK, 'noteVi', { index, remove: 0, insert: mark }, tab.origin)
}
