import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import { trustedId, type TaskId } from '@dongbo/model/ids.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import { isSaved, openTab, until } from '@dongbo/testkit/liveTab.ts'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import type { Connection } from '@dongbo/sync/client/connection.ts'
import { STORES } from './databases.ts'
import { Typist } from './typist.ts'

const TASK = trustedId<TaskId>('NV-III-1')
const TYPISTS = ['coordinator@demo.dongbo', 'svhtt.officer@demo.dongbo']
const READER = 'sdl.officer@demo.dongbo'
/** How often the server is killed in each test. */
const CYCLES = Number(process.env['KILL_CYCLES'] ?? 3)
/** A restart takes some seconds on a busy machine, and each test has a first start besides. */
const TIME_LIMIT_MS = 60_000 + CYCLES * 20_000

describe.each(STORES)('the server is killed with SIGKILL while people type, on $name', ({ make }) => {
  let server: ServerProcess
  let removeStore = async (): Promise<void> => undefined
  const open = new Set<Connection>()

  beforeAll(async () => {
    const store = await make()
    removeStore = store.remove
    server = await ServerProcess.start(store.options)
  })
  afterAll(async () => {
    for (const tab of open) tab.close()
    await server?.remove()
    await removeStore()
  })

  async function sitDown(email: string, seed: number): Promise<Connection> {
    const tab = await openTab(server.url, email, seed)
    open.add(tab)
    await until(tab, isSaved)
    return tab
  }

  function leave(tab: Connection): void {
    tab.close()
    open.delete(tab)
  }

  const noteIn = (tab: Connection): string => readTask(tab.view.matrix, TASK)?.noteVi ?? ''

  test(
    `what was acknowledged stands once although its author never came back (${CYCLES} cycles)`,
    async () => {
      const random = seededRandom(23)
      const kept: string[] = []
      const left: string[] = []
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        const typists: Typist[] = []
        for (const [index, email] of TYPISTS.entries()) {
          typists.push(new Typist(await sitDown(email, cycle * 10 + index), TASK, `c${cycle}.${index}`))
        }
        await killWhileTyping(server, typists, random)
        for (const typist of typists) {
          // The copies go with their tabs: from here on only the database knows.
          leave(typist.tab)
          kept.push(...typist.acknowledged)
          left.push(...typist.waiting)
        }
        await server.restart()
        const reader = await sitDown(READER, cycle)
        const note = noteIn(reader)
        leave(reader)
        expect(kept.filter((mark) => timesIn(note, mark) !== 1)).toEqual([])
        // Sent and not acknowledged: it may have become durable, but never twice.
        expect(left.filter((mark) => timesIn(note, mark) > 1)).toEqual([])
      }
      expect(kept.length).toBeGreaterThanOrEqual(CYCLES)
    },
    TIME_LIMIT_MS,
  )

  test(
    `tabs that stay open send again: nothing lost, nothing doubled, all copies the same (${CYCLES} cycles)`,
    async () => {
      const random = seededRandom(9)
      const typists: Typist[] = []
      for (const [index, email] of TYPISTS.entries()) {
        typists.push(new Typist(await sitDown(email, 1_000 + index), TASK, `o${index}`))
      }
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        await killWhileTyping(server, typists, random)
        await server.restart()
        // At once, as at the button: how long a tab would wait by itself is not what is asked here.
        for (const { tab } of typists) tab.retry()
        await Promise.all(typists.map(({ tab }) => until(tab, isSaved)))
      }
      const fresh = await sitDown(READER, 1_007)
      const note = noteIn(fresh)
      const typed = typists.flatMap(({ marks }) => marks)
      expect(typed.filter((mark) => timesIn(note, mark) !== 1)).toEqual([])
      for (const { tab } of typists) {
        await until(tab, () => noteIn(tab) === note)
        expect(tab.view.matrix.doc.toJSON()).toEqual(fresh.view.matrix.doc.toJSON())
      }
    },
    TIME_LIMIT_MS,
  )
})

/**
 * Both type, and go on whenever something was acknowledged, until the server is killed at a moment of the commit that
 * `random` chooses, counted in events: so many acknowledged edits, a burst after them, so many turns of the event loop
 * after that. Resolves when the server is dead and both tabs know it.
 */
async function killWhileTyping(server: ServerProcess, typists: readonly Typist[], random: Random): Promise<void> {
  const stops: (() => void)[] = []
  const enough = new Promise<void>((resolve) => {
    for (const typist of typists) {
      const goal = typist.acknowledged.length + 1 + random.below(12)
      const hear = (count: number): void => (count < goal ? typist.type(1 + random.below(3)) : resolve())
      stops.push(typist.onAcknowledged(hear))
      typist.type(1 + random.below(4))
    }
  })
  await enough
  for (const stop of stops) stop()
  for (const typist of typists) typist.type(random.below(4))
  for (let turns = random.below(4); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
  await server.kill()
  // What the server had said before it died may still be on its way to a tab.
  await Promise.all(typists.map(({ tab }) => until(tab, ({ save }) => save.at === 'offline')))
}

function timesIn(note: string, mark: string): number {
  return note.split(mark).length - 1
}
