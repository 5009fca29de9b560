import { trustedId, type BodyId, type TaskId } from '@dongbo/model/ids.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { readCellRoles, readTask } from '@dongbo/model/matrix/read.ts'
import { openSeatPath, seatPath } from '@dongbo/protocol/longPoll.ts'
import type { Connection } from '@dongbo/sync/client/connection.ts'
import { isSaved, openTab, until, type Way } from '@dongbo/testkit/liveTab.ts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { demoServer, type DemoServer } from './demoServer.ts'

const TASK = trustedId<TaskId>('NV-I-2')
const SVHTT = trustedId<BodyId>('svhtt')
const SDL = trustedId<BodyId>('sdl')
const OFFICER = 'sdl.officer@demo.dongbo'
const LEAD = 'svhtt.officer@demo.dongbo'

let server: DemoServer
const tabs: Connection[] = []

beforeAll(async () => {
  server = await demoServer()
  await server.listen()
})
afterEach(() => {
  for (const tab of tabs.splice(0)) tab.close()
})
afterAll(async () => {
  await server.stop()
})

async function open(email: string, way: Way): Promise<Connection> {
  const tab = await openTab(server.origin, email, tabs.length + 1, way)
  tabs.push(tab)
  await until(tab, isSaved)
  return tab
}

function titleOf(tab: Connection): string {
  return readTask(tab.view.matrix, TASK)?.titleVi ?? ''
}

function type(tab: Connection, index: number, insert: string): void {
  editTaskText(tab.view.matrix, TASK, 'titleVi', { index, remove: 0, insert }, tab.origin)
}

describe.each(['WebSocket', 'plain requests', 'whatever gets through'] as const)('over %s', (way) => {
  test('what two bodies type at once stays on both screens, and is acknowledged', async () => {
    const [coordinator, lead] = [await open('coordinator@demo.dongbo', 'WebSocket'), await open(LEAD, way)]
    const before = titleOf(lead)
    type(coordinator, 0, 'Đầu ')
    type(lead, before.length, ' cuối')
    const both = `Đầu ${before} cuối`
    await Promise.all([
      until(coordinator, () => titleOf(coordinator) === both),
      until(lead, (view) => titleOf(lead) === both && isSaved(view)),
    ])
    expect(lead.view.save).toMatchObject({ at: 'saved', savedAt: expect.any(Number) })
  })

  test('another body’s cell is refused, offered, and nobody sees it', async () => {
    const [officer, bystander] = [await open(OFFICER, way), await open('coordinator@demo.dongbo', 'WebSocket')]
    const theirs = readCellRoles(bystander.view.matrix, TASK, SVHTT)
    setCellRoles(officer.view.matrix, TASK, SVHTT, ['inform'], officer.origin)
    await until(officer, (view) => isSaved(view) && view.refused.length > 0)
    expect(officer.view.refused).toMatchObject([{ path: ['roles', `${TASK}:${SVHTT}`], code: 'other-bodys-cell' }])
    const own = readCellRoles(officer.view.matrix, TASK, SDL)
    const next = own.includes('advise') ? own.filter((role) => role !== 'advise') : [...own, 'advise' as const]
    setCellRoles(officer.view.matrix, TASK, SDL, next, officer.origin)
    const seen = (): boolean => readCellRoles(bystander.view.matrix, TASK, SDL).length === next.length
    await until(bystander, seen)
    expect(readCellRoles(bystander.view.matrix, TASK, SVHTT)).toEqual(theirs)
  })

  test('others see where somebody is', async () => {
    const [officer, lead] = [await open(OFFICER, way), await open(LEAD, 'WebSocket')]
    officer.setCursor({ task: TASK, column: 'sdl', typing: null })
    const isThere = ({ peers }: Connection['view']): boolean => peers.some(({ bodyId }) => bodyId === SDL)
    const seen = await until(lead, (view) => view.peers.some(({ cursor }) => cursor?.['task'] === TASK))
    expect(isThere(seen)).toBe(true)
    officer.close()
    expect(isThere(await until(lead, (view) => !isThere(view)))).toBe(false)
  })
})

describe('a seat of plain requests', () => {
  const post = async (path: string, cookie: string | null, body = Buffer.alloc(0), origin = server.origin) =>
    await fetch(`${server.origin}${path}`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/octet-stream', ...(cookie === null ? {} : { cookie }) },
      body,
    })

  test('is for the session that opened it, from our own pages, and ends with the session', async () => {
    const [mine, theirs] = [await server.signIn('sdl.officer'), await server.signIn('svhtt.officer')]
    const path = openSeatPath('matrix/kh-2026')
    expect((await post(path, null)).status).toBe(401)
    expect((await post(path, mine, undefined, 'https://evil.example')).status).toBe(403)
    const opened = await post(path, mine)
    const seat = await opened.text()
    expect(opened.status).toBe(200)
    for (const act of ['up', 'down', 'close'] as const) {
      expect((await post(seatPath(seat, act), null)).status).toBe(401)
      expect((await post(seatPath(seat, act), theirs)).status).toBe(404)
      expect((await post(seatPath('no-such-seat', act), mine)).status).toBe(404)
    }
    expect((await post(seatPath(seat, 'up'), mine, Buffer.from([5, 1]))).status).toBe(400)
    await (await post(seatPath(seat, 'down'), mine)).arrayBuffer()
    // Of two questions one waits, and the other is told that.
    const asked = [1, 2].map(() => post(seatPath(seat, 'down'), mine))
    const turnedAway = await Promise.race(asked)
    expect(turnedAway.status).toBe(429)
    const since = performance.now()
    await fetch(`${server.origin}/api/sign-out`, { method: 'POST', headers: { origin: server.origin, cookie: mine } })
    const waited = (await Promise.all(asked)).find((answer) => answer !== turnedAway)
    const said = new Uint8Array((await waited?.arrayBuffer()) ?? [])
    expect(performance.now() - since).toBeLessThan(1_000)
    // 4401 as a number of lib0, before any frame.
    expect([...said.subarray(0, 2)]).toEqual([0xb1, 0x22])
    expect((await post(seatPath(seat, 'down'), mine)).status).toBe(401)
  })

  test('whose document is not for its person says so to the first question', async () => {
    const cookie = await server.signIn('sdl.officer')
    const seat = await (await post(openSeatPath('matrix/no-such-plan'), cookie)).text()
    const answer = new Uint8Array(await (await post(seatPath(seat, 'down'), cookie)).arrayBuffer())
    // 4404.
    expect([...answer]).toEqual([0xb4, 0x22])
  })
})
