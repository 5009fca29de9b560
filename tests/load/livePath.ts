import { seededRandom } from '@dongbo/kernel/random.ts'
import { trustedId, type BodyId, type TaskId } from '@dongbo/model/ids.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { cellKey } from '@dongbo/model/matrix/shape.ts'
import { PARTICIPATION_ROLES } from '@dongbo/model/role.ts'
import { demoBodies } from '@dongbo/demo/demoBodies.ts'
import { samplePlan } from '@dongbo/demo/samplePlan.ts'
import type { Connection } from '@dongbo/sync/client/connection.ts'
import { isSaved, openTab, until } from '@dongbo/testkit/liveTab.ts'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { median, ms, percentile, repeat, type Figure } from './figures.ts'

const PEOPLE = 20
const EDITS_ALONE = 200
const EDIT_EVERY_MS = 1_000
const FAN_OUT_MS = 10_000

/** The whole way, over real sockets to a real server process with the embedded database, all on this machine. */
export async function livePath(runs: number): Promise<readonly Figure[]> {
  // Every y-websocket provider listens for the end of the process.
  process.setMaxListeners(PEOPLE * 2)
  const server = await ServerProcess.start()
  try {
    const alone = await repeat(runs, async (run) => await acknowledgements(server, run))
    const together = await fanOut(server, runs)
    const all = (pick: (values: readonly number[]) => number, of: readonly (readonly number[])[]): string =>
      ms(median(of.map(pick)))
    return [
      {
        what: 'An edit until its author reads “saved”, alone, p50',
        ours: all((v) => percentile(v, 50), alone),
        goal: '',
      },
      { what: 'the same, p99', ours: all((v) => percentile(v, 99), alone), goal: '≤ 150 ms' },
      {
        what: `An edit until it is on another’s screen, ${PEOPLE} people at 1 edit a second each, p50`,
        ours: all((v) => percentile(v, 50), together),
        goal: '',
      },
      { what: 'the same, p95', ours: all((v) => percentile(v, 95), together), goal: '≤ 150 ms' },
    ]
  } finally {
    await server.remove()
  }
}

async function acknowledgements(server: ServerProcess, run: number): Promise<readonly number[]> {
  const tab = await openTab(server.url, 'coordinator@demo.dongbo', run)
  try {
    await until(tab, isSaved)
    const taken: number[] = []
    const task = trustedId<TaskId>('NV-I-2')
    for (let i = 0; i < EDITS_ALONE; i++) {
      const start = performance.now()
      editTaskText(tab.view.matrix, task, 'noteVi', { index: 0, remove: i === 0 ? 0 : 1, insert: 'a' }, tab.origin)
      await until(tab, isSaved)
      taken.push(performance.now() - start)
    }
    return taken
  } finally {
    tab.close()
  }
}

/** Everybody sets a cell of his own body once a second; each run's delays from the edit to each other's document. */
async function fanOut(server: ServerProcess, runs: number): Promise<readonly (readonly number[])[]> {
  const ids = demoBodies()
    .filter((body) => body.validTo === null)
    .slice(0, PEOPLE)
    .map((body) => body.id)
  const tabs: { readonly body: BodyId; readonly tab: Connection }[] = []
  try {
    for (const [index, body] of ids.entries())
      tabs.push({ body, tab: await openTab(server.url, `${body}.officer@demo.dongbo`, index) })
    await Promise.all(tabs.map(({ tab }) => until(tab, isSaved)))
    return await repeat(runs, async (run) => await oneRound(tabs, run))
  } finally {
    for (const { tab } of tabs) tab.close()
  }
}

async function oneRound(
  tabs: readonly { readonly body: BodyId; readonly tab: Connection }[],
  run: number,
): Promise<readonly number[]> {
  const random = seededRandom(run + 1)
  const sent = new Map<string, { readonly at: number; readonly roles: string }>()
  const taken: number[] = []
  const stops = tabs.map(({ tab }) => {
    const { roles } = tab.view.matrix
    const look = (event: {
      readonly keysChanged: ReadonlySet<string>
      readonly transaction: { readonly local: boolean }
    }): void => {
      if (event.transaction.local) return
      for (const key of event.keysChanged) {
        const edit = sent.get(key)
        if (edit !== undefined && JSON.stringify(roles.get(key) ?? []) === edit.roles)
          taken.push(performance.now() - edit.at)
      }
    }
    roles.observe(look)
    return () => roles.unobserve(look)
  })
  const started = performance.now()
  // Each at its own moment of the second, as people are.
  await Promise.all(
    tabs.map(async ({ body, tab }, index) => {
      await sleep((index * EDIT_EVERY_MS) / tabs.length)
      for (let next = performance.now(); next < started + FAN_OUT_MS; next += EDIT_EVERY_MS) {
        await sleep(next - performance.now())
        const task = trustedId<TaskId>(samplePlan.tasks[random.below(samplePlan.tasks.length)]?.id ?? '')
        const given = (tab.view.matrix.roles.get(cellKey(task, body)) ?? []).filter(
          (role) => !PARTICIPATION_ROLES.includes(role),
        )
        const taken = PARTICIPATION_ROLES.filter(() => random.below(2) === 0)
        setCellRoles(tab.view.matrix, task, body, [...given, ...taken], tab.origin)
        const roles = JSON.stringify(tab.view.matrix.roles.get(cellKey(task, body)) ?? [])
        sent.set(cellKey(task, body), { at: performance.now(), roles })
      }
    }),
  )
  await Promise.all(tabs.map(({ tab }) => until(tab, isSaved)))
  await sleep(500)
  for (const stop of stops) stop()
  const refused = tabs.flatMap(({ tab }) => tab.view.refused)
  if (refused.length > 0) throw new Error(`an honest edit was refused: ${refused[0]?.code}`)
  const expected = sent.size * (tabs.length - 1)
  if (taken.length < expected * 0.9) throw new Error(`only ${taken.length} of some ${expected} edits arrived`)
  return taken
}

function sleep(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, forMs)))
}
