import { manualClock } from '@dongbo/testkit/manualClock.ts'
import type { Downward } from '@dongbo/protocol/longPoll.ts'
import { MESSAGE_AWARENESS, syncStep1Message } from '@dongbo/protocol/messages.ts'
import { beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { liveSockets } from './liveSockets.ts'
import { LongPollSeat } from './longPollSeat.ts'
import { serverMetrics } from './metrics.ts'

const EDIT = syncStep1Message(Uint8Array.of(0))
const PRESENCE = Uint8Array.of(MESSAGE_AWARENESS, 0)

let clock: ReturnType<typeof manualClock>
let seat: LongPollSeat
beforeEach(() => {
  clock = manualClock()
  seat = new LongPollSeat(clock)
})

/** Asks, and shows what it has been answered so far. */
function ask(): { readonly answer: Downward | null } {
  const asked: { answer: Downward | null } = { answer: null }
  void seat.ask()?.then((answer) => (asked.answer = answer))
  return asked
}

const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve))

test('frames that come close together go in one answer, in order; what comes between two questions waits', async () => {
  const first = ask()
  seat.send(EDIT)
  clock.advance(30)
  seat.send(PRESENCE)
  await settle()
  expect(first.answer).toBeNull()
  clock.advance(20)
  await settle()
  expect(first.answer).toEqual({ frames: [EDIT, PRESENCE], closed: null })
  seat.send(EDIT)
  expect(seat.bufferedAmount).toBe(EDIT.length)
  const second = ask()
  clock.advance(50)
  await settle()
  expect(second.answer?.frames).toEqual([EDIT])
  expect(seat.bufferedAmount).toBe(0)
})

test('presence alone comes once a second, and at once with an edit', async () => {
  const first = ask()
  for (let tick = 0; tick < 9; tick++) {
    seat.send(PRESENCE)
    clock.advance(100)
  }
  await settle()
  expect(first.answer).toBeNull()
  clock.advance(100)
  await settle()
  expect(first.answer?.frames).toHaveLength(9)
  const second = ask()
  seat.send(PRESENCE)
  seat.send(EDIT)
  clock.advance(50)
  await settle()
  expect(second.answer?.frames).toEqual([PRESENCE, EDIT])
})

test('a question that nothing answers is answered with nothing, before proxies lose their patience', async () => {
  const asked = ask()
  clock.advance(19_999)
  await settle()
  expect(asked.answer).toBeNull()
  clock.advance(1)
  await settle()
  expect(asked.answer).toEqual({ frames: [], closed: null })
})

test('of two questions one waits', () => {
  expect(seat.ask()).not.toBeNull()
  expect(seat.ask()).toBeNull()
})

test('a close says why, behind what was sent before it, also to a question that comes later', async () => {
  let closes = 0
  seat.once('close', () => closes++)
  seat.send(EDIT)
  seat.close(4401)
  seat.send(PRESENCE)
  expect([seat.readyState, closes]).toEqual([WebSocket.CLOSING, 0])
  const asked = ask()
  await settle()
  expect(asked.answer).toEqual({ frames: [EDIT], closed: 4401 })
  expect([seat.readyState, closes]).toEqual([WebSocket.CLOSED, 1])
})

test('while the room is paused, frames wait, and so does the request that brought them', async () => {
  const heard: Buffer[] = []
  seat.on('message', (frame: Buffer) => heard.push(frame))
  seat.pause()
  let isTaken = false
  void seat.receive([EDIT, PRESENCE]).then(() => (isTaken = true))
  await settle()
  expect([heard.length, isTaken]).toEqual([0, false])
  seat.resume()
  await settle()
  expect([heard.length, isTaken]).toEqual([2, true])
})

test('a client that no longer asks is gone within 35 seconds; one that asks stays', async () => {
  const sockets = liveSockets(clock, serverMetrics())
  sockets.add(seat, { id: 'one', expiresAt: Number.POSITIVE_INFINITY })
  for (let second = 0; second < 120; second += 20) {
    void seat.ask()
    clock.advance(20_000)
    await settle()
  }
  expect(seat.readyState).toBe(WebSocket.OPEN)
  clock.advance(35_000)
  expect(seat.readyState).toBe(WebSocket.CLOSED)
  expect(sockets.sessionIds()).toEqual([])
})

test('a request that breaks off takes the seat with it: what it would have carried is lost', () => {
  void seat.ask()
  seat.askerGone()
  expect(seat.readyState).toBe(WebSocket.CLOSED)
})
