import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import { until } from '@dongbo/testkit/liveTab.ts'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { expect, onTestFinished, test } from 'vitest'
import type { Engine } from './engines.ts'
import { desks, expectAtMostOnce, expectNone, expectOnce, marksIn } from './marks.ts'
import { Office } from './office.ts'
import { cycles, report, secondsSince, SEED } from './settings.ts'
import type { Typist } from './typist.ts'

/** Tabs that live through every kill and come back with what they have. */
const STAYING = 6
/** Tabs whose copy goes with the server: only the store knows what they were told is saved. */
const LEAVING = 2
/** A start of the server on two busy cores, and the people coming in. */
const CYCLE_LIMIT_MS = 30_000
/** So many cycles of marks fit into a text. */
const WIPE_EVERY = 20

/**
 * The server is killed with SIGKILL while eight people type, again and again. After each start: what anybody was told is
 * saved, or saw of others, stands in the store exactly once; then those who stayed send what they still have, and every
 * copy shows the same.
 *
 * @param readyLimitMs what half of the starts must stay below; a busy machine may delay one of them by much
 */
export function killStory(row: string, engine: Engine, inCi: number, readyLimitMs: number): void {
  const count = cycles(inCi)
  test(
    `${row}: SIGKILL while people type loses and doubles nothing, ${engine.name}`,
    async () => {
      const store = await engine.make()
      onTestFinished(() => store.remove())
      const server = await ServerProcess.start(store.options)
      onTestFinished(() => server.remove())
      const world = new KillWorld(server)
      onTestFinished(() => world.close())
      try {
        const startedMs = performance.now()
        await world.seatStaying()
        for (let cycle = 0; cycle < count; cycle++) await world.cycle(cycle)
        expect(world.acknowledged).toBeGreaterThanOrEqual(count * LEAVING)
        expect(world.middleStartMs).toBeLessThan(readyLimitMs)
        const { acknowledged, sentAgain, middleStartMs, slowestStartMs } = world
        report(`${row}, ${engine.name}`, {
          'SIGKILL cycles': count,
          'edits acknowledged': acknowledged,
          'of them sent again after a kill': sentAgain,
          'lost or doubled': 0,
          'ms a start in the middle': Math.round(middleStartMs),
          'ms slowest start': Math.round(slowestStartMs),
          's altogether': secondsSince(startedMs),
        })
      } catch (error) {
        throw new Error(`after ${world.cyclesDone} cycles, seed ${SEED}`, { cause: error })
      }
    },
    60_000 + count * CYCLE_LIMIT_MS,
  )
}

class KillWorld {
  readonly #server: ServerProcess
  readonly #office: Office
  readonly #random: Random = seededRandom(SEED)
  readonly #staying: Typist[] = []
  /** What the store must hold from now on, whoever comes back. */
  readonly #promised = new Set<string>()
  /** What was deleted since. */
  readonly #gone = new Set<string>()
  cyclesDone = 0
  sentAgain = 0
  readonly #startsMs: number[] = []

  constructor(server: ServerProcess) {
    this.#server = server
    this.#office = new Office(server.url)
  }

  get acknowledged(): number {
    return this.#promised.size + this.#gone.size
  }

  get slowestStartMs(): number {
    return Math.max(...this.#startsMs)
  }

  get middleStartMs(): number {
    return this.#startsMs.toSorted((a, b) => a - b)[Math.floor(this.#startsMs.length / 2)] ?? Infinity
  }

  async seatStaying(): Promise<void> {
    for (const desk of desks().slice(0, STAYING)) this.#staying.push(await this.#office.sitDown(desk))
  }

  async cycle(cycle: number): Promise<void> {
    const leaving: Typist[] = []
    const places = desks()
    for (let index = 0; index < LEAVING; index++) {
      // Each time others, because a tab that dies keeps its client id for ever, and a person has so many.
      const desk = places[(cycle * LEAVING + index) % places.length]
      if (desk !== undefined) leaving.push(await this.#office.sitDown(desk))
    }
    const everybody = [...this.#staying, ...leaving]
    await killWhileTyping(this.#server, everybody, this.#random)

    const maybe: string[] = []
    for (const typist of everybody) {
      for (const mark of typist.acknowledged) this.#promised.add(mark)
      maybe.push(...typist.waiting)
    }
    const own = new Set(maybe)
    for (const { tab } of everybody) {
      // Durable before told: what somebody else's screen showed may not be lost either.
      for (const mark of marksIn(tab).keys()) if (!own.has(mark)) this.#promised.add(mark)
    }
    for (const { tab } of leaving) this.#office.leave(tab)

    const startedMs = performance.now()
    await this.#server.restart()
    this.#startsMs.push(performance.now() - startedMs)
    const reader = await this.#office.enter('coordinator@demo.dongbo')
    const stored = marksIn(reader)
    this.#office.leave(reader)
    expectOnce([...this.#promised], stored)
    expectAtMostOnce(maybe, stored)
    expectNone([...this.#gone], stored)

    this.sentAgain += this.#staying.reduce((sum, typist) => sum + typist.waiting.length, 0)
    await this.#office.agree(this.#staying)
    for (const { marks } of this.#staying) for (const mark of marks) this.#promised.add(mark)
    this.cyclesDone++
    if (this.cyclesDone % WIPE_EVERY !== 0) return
    await this.#office.wipe(this.#staying)
    for (const mark of this.#promised) this.#gone.add(mark)
    this.#promised.clear()
    report('so far', { cycles: this.cyclesDone, acknowledged: this.acknowledged })
  }

  close(): void {
    this.#office.close()
  }
}

/**
 * Everybody types, and goes on whenever something was acknowledged, until the server is killed at a moment of the commit
 * that `random` chooses, counted in events: so many acknowledged edits, a burst after them, so many turns of the event
 * loop after that. Resolves when the server is dead and all tabs know it.
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
