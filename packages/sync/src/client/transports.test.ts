import { expect, test } from 'vitest'
import { manualClock } from '@dongbo/testkit/manualClock.ts'
import { OwnEdits } from './ownEdits.ts'
import { Transports } from './transports.ts'

const MINUTE_MS = 60_000

/** Two classes of which only the names matter here. */
class Web extends WebSocket {}
class Plain extends WebSocket {}

function chooser(fallback: typeof WebSocket | null = Plain) {
  const clock = manualClock()
  let due = 0
  const transports = new Transports(clock, Web, fallback, () => due++)
  const next = (): string => Object.getPrototypeOf(transports.socketFor(new OwnEdits())).name as string
  return { clock, transports, next, due: () => due }
}

test('plain requests come after two attempts that brought nothing, and again WebSockets after they fail too', () => {
  const { transports, next } = chooser()
  const chosen: string[] = []
  for (let attempt = 0; attempt < 6; attempt++) {
    chosen.push(next())
    transports.closed()
  }
  expect(chosen).toEqual(['Web', 'Web', 'Plain', 'Web', 'Plain', 'Web'])
})

test('a WebSocket that has served stays the first choice, however often it is cut', () => {
  const { transports, next } = chooser()
  for (let cut = 0; cut < 5; cut++) {
    transports.served()
    transports.closed()
    expect(next()).toBe('Web')
  }
})

test('plain requests that serve stay for some minutes, then WebSockets are tried again', () => {
  const { clock, transports, next, due } = chooser()
  transports.closed()
  transports.closed()
  transports.served()
  clock.advance(9 * MINUTE_MS)
  expect([next(), due()]).toEqual(['Plain', 0])
  clock.advance(MINUTE_MS)
  expect([next(), due()]).toEqual(['Web', 1])
})

test('without plain requests there is nothing to fall back to', () => {
  const { transports, next } = chooser(null)
  for (let attempt = 0; attempt < 4; attempt++) transports.closed()
  expect(next()).toBe('Web')
})
