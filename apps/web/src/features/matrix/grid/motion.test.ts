import { instant, type Clock } from '@dongbo/kernel/clock.ts'
import { expect, test, vi } from 'vitest'
import { motion } from './motion.ts'

/** A clock with at most one timer, fired by hand. */
function handClock() {
  let task: (() => void) | null = null
  const clock: Clock = {
    now: () => instant(0),
    after(_, next) {
      task = next
      return () => {
        if (task === next) task = null
      }
    },
  }
  return { clock, fire: () => task?.(), armed: () => task !== null }
}

test('slow scrolling is never fast', () => {
  const { clock, armed } = handClock()
  const sheet = motion(clock)
  for (let top = 0; top <= 600; top += 60) sheet.moved(top)
  expect(sheet.isFast()).toBe(false)
  expect(armed()).toBe(false)
})

test('one leap is not fast: what it leads to is read at once', () => {
  const { clock, fire } = handClock()
  const sheet = motion(clock)
  sheet.moved(600)
  expect(sheet.isFast()).toBe(false)
  fire()
  sheet.moved(1_200)
  expect(sheet.isFast()).toBe(false)
})

test('rushing is fast until the sheet rests; who waits hears once', () => {
  const { clock, fire } = handClock()
  const sheet = motion(clock)
  const [heard, stopped] = [vi.fn<() => void>(), vi.fn<() => void>()]
  sheet.moved(180)
  sheet.moved(360)
  expect(sheet.isFast()).toBe(true)
  sheet.onRest(heard)
  sheet.onRest(stopped)()
  sheet.moved(380)
  fire()
  expect(sheet.isFast()).toBe(false)
  fire()
  expect(heard).toHaveBeenCalledTimes(1)
  expect(stopped).not.toHaveBeenCalled()
})
