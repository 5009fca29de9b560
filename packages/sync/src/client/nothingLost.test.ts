// y-websocket reconnects on a timer of its own: these tests await what it leads to, never a time.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, test } from 'vitest'
import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import type { TaskId } from '@dongbo/model/ids.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import { Computer, type ComputerTab } from '@dongbo/testkit/computer.ts'
import { isSaved, until } from '@dongbo/testkit/liveTab.ts'
import { FAIR, FILM, SURVEY } from '@dongbo/testkit/matrices.ts'
import { coordinator, CULTURE, person, TOURISM } from '@dongbo/testkit/people.ts'
import { House } from '@dongbo/testkit/seats.ts'

const TASKS = [FILM, FAIR, SURVEY]
const SEEDS = Number(process.env['SEEDS'] ?? 12)
const STEPS = 80

beforeEach(() => {
  Reflect.set(globalThis, 'indexedDB', new IDBFactory())
})

/** What is typed here says where and when: it must be found once, wherever it ends. */
class Story {
  readonly #random: Random
  readonly #pc: Computer
  readonly #tabs: ComputerTab[] = []
  readonly #marks: { readonly mark: string; readonly task: TaskId }[] = []
  readonly #other: ComputerTab

  constructor(random: Random, pc: Computer) {
    this.#random = random
    this.#pc = pc
    this.#other = pc.open(coordinator())
  }

  async step(): Promise<void> {
    // People take their time: nobody comes and goes many times a second.
    this.#pc.house.clock.advance(2_000)
    const tab = this.#tabs[this.#random.below(Math.max(1, this.#tabs.length))]
    if (tab === undefined) return await this.#openTab()
    switch (this.#random.below(9)) {
      case 0:
        return this.#tabs.length < 3 ? await this.#openTab() : undefined
      case 1:
        return tab.line.cut()
      case 2:
        tab.line.isUp = true
        return tab.connection.retry()
      case 3:
        return await this.#reload(tab)
      case 4:
        return await this.#moveLead()
      case 5:
        return await this.#pc.house.settle()
      default:
        return this.#type(tab)
    }
  }

  /** Everybody is online at last; every tab has said what it has to say. */
  async end(): Promise<readonly string[]> {
    if (this.#tabs.length === 0) await this.#openTab()
    for (const { line, connection } of this.#tabs) {
      line.isUp = true
      connection.retry()
      await until(connection, isSaved)
    }
    for (let turn = 0; turn < 5; turn++) {
      this.#pc.house.clock.advance(100)
      await this.#pc.house.settle()
    }
    const matrix = await this.#pc.house.durable(this.#pc.document)
    const found: string[] = [...matrixViolations(matrix)].map(String)
    for (const { mark, task } of this.#marks) {
      const stands = readTask(matrix, task)?.titleVi.split(mark).length ?? 0
      const offered = this.#tabs.some(({ connection }) =>
        connection.view.refused.some(({ path, mine }) => path[1] === task && String(mine).includes(mark)),
      )
      if (stands > 2) found.push(`${mark} stands ${stands - 1} times`)
      if (stands < 2 && !offered) found.push(`${mark} is lost`)
    }
    for (const { connection } of [...this.#tabs, this.#other]) {
      await until(connection, ({ matrix: shown }) =>
        TASKS.every((task) => titleOf(shown, task) === titleOf(matrix, task)),
      )
    }
    return found
  }

  async #openTab(): Promise<void> {
    this.#tabs.push(await this.#opened())
  }

  async #opened(): Promise<ComputerTab> {
    const tab = this.#pc.open(person(), { isUp: this.#random.below(3) > 0 })
    await until(tab.connection, ({ keeping }) => keeping !== 'opening')
    return tab
  }

  #type({ connection }: ComputerTab): void {
    const { matrix, loaded } = connection.view
    const task = TASKS[this.#random.below(TASKS.length)]
    const length = task === undefined ? 0 : (readTask(matrix, task)?.titleVi.length ?? 0)
    if (!loaded || task === undefined || length === 0) return
    const mark = `‹${this.#marks.length}›`
    // Never within another mark: what others type in between would tear it.
    const index = this.#random.below(2) === 0 ? 0 : length
    editTaskText(matrix, task, 'titleVi', { index, remove: 0, insert: mark }, connection.origin)
    this.#marks.push({ mark, task })
  }

  /** The page is opened again: what was on the disk a moment before is all that is left of it. */
  async #reload(tab: ComputerTab): Promise<void> {
    await this.#pc.crash(tab)
    this.#tabs[this.#tabs.indexOf(tab)] = await this.#opened()
  }

  /** The coordinator gives a task to another body: what may be written changes under everybody's hands. */
  async #moveLead(): Promise<void> {
    const { connection } = this.#other
    await until(connection, isSaved)
    const task = this.#random.below(2) === 0 ? FILM : FAIR
    const lead = this.#random.below(2) === 0 ? TOURISM : CULTURE
    setTaskValue(connection.view.matrix, task, 'lead', lead, connection.origin)
    await until(connection, isSaved)
  }
}

function titleOf(matrix: ComputerTab['connection']['view']['matrix'], task: TaskId): string | undefined {
  return readTask(matrix, task)?.titleVi
}

test.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))(
  'cuts, reloads, several tabs and rights that change: what was typed stands once or is offered (seed %i)',
  async (seed) => {
    const house = new House()
    const pc = new Computer(house, await house.create())
    try {
      const story = new Story(seededRandom(seed), pc)
      for (let step = 0; step < STEPS; step++) await story.step()
      expect(await story.end()).toEqual([])
      expect(house.reports.filter((report) => !report.startsWith('refused'))).toEqual([])
    } finally {
      pc.off()
    }
  },
)
