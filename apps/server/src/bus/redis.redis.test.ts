// Real time: a server that is stopped, frozen and started again, and connections that find out by themselves.
import { randomBytes } from 'node:crypto'
import { busContract } from '@dongbo/testkit/contractsBus.ts'
import { redisServer, type RedisServer } from '@dongbo/testkit/redisServer.ts'
import { freePort } from '@dongbo/testkit/serverProcess.ts'
import type { Bus } from '@dongbo/sync/ports/bus.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { redisBus } from './redis.ts'
import { signedBus } from './signedBus.ts'

const url = process.env['TEST_REDIS_URL'] ?? ''
const clock = {
  after(delayMs: number, task: () => void) {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}

busContract('Redis', async () => {
  const key = randomBytes(32)
  const open = async () => signedBus(await redisBus(url, { clock, reportError: () => undefined }), key, failOnIgnored)
  return [await open(), await open()]
})

function failOnIgnored(because: string): void {
  throw new Error(`ignored: ${because}`)
}

describe('a Redis server that goes and comes', () => {
  let server: RedisServer
  let bus: Bus
  const reports: unknown[] = []

  beforeEach(async () => {
    reports.length = 0
    server = await redisServer(await freePort())
    bus = await redisBus(server.url, { clock, reportError: (error) => void reports.push(error) })
  })
  afterEach(async () => {
    await bus.close()
    await server.kill()
  })

  async function connectedBecomes(expected: boolean): Promise<void> {
    if (bus.connected === expected) return
    await new Promise<void>((resolve) => {
      const stop = bus.onChange((connected) => {
        if (connected !== expected) return
        stop()
        resolve()
      })
    })
  }

  /** Publishes and waits until it is heard. */
  async function heardBy(topic: string, heard: readonly number[], byte: number): Promise<void> {
    await bus.publish(topic, new Uint8Array([byte]))
    await expect.poll(() => heard).toContain(byte)
  }

  test('its end is told, publishing fails at once, and after its return every topic is heard again', async () => {
    const [first, second]: [number[], number[]] = [[], []]
    await bus.subscribe('first', (notice) => void first.push(notice[0] ?? -1))
    await heardBy('first', first, 1)
    const ended = connectedBecomes(false)
    await server.kill()
    await ended
    const asked = performance.now()
    await expect(bus.publish('first', new Uint8Array([2]))).rejects.toThrow()
    expect(performance.now() - asked).toBeLessThan(200)
    // A topic that is asked for meanwhile counts from the return on.
    await bus.subscribe('second', (notice) => void second.push(notice[0] ?? -1))
    expect(reports).toHaveLength(1)
    const back = connectedBecomes(true)
    await server.start()
    await back
    await heardBy('first', first, 3)
    await heardBy('second', second, 4)
    expect(first).toEqual([1, 3])
  })

  test('one that answers nothing any more is told away within 3 s; no request hangs for more than 2 s', async () => {
    const heard: number[] = []
    await bus.subscribe('topic', (notice) => void heard.push(notice[0] ?? -1))
    const away = connectedBecomes(false)
    const frozenAt = performance.now()
    server.freeze()
    const published = bus.publish('topic', new Uint8Array([1]))
    await expect(published).rejects.toThrow()
    expect(performance.now() - frozenAt).toBeLessThan(2_300)
    await away
    expect(performance.now() - frozenAt).toBeLessThan(3_300)
    const back = connectedBecomes(true)
    server.thaw()
    await back
    await heardBy('topic', heard, 2)
  })

  test('a listener whose connection the server cuts hears again by itself', async () => {
    const heard: number[] = []
    await bus.subscribe('topic', (notice) => void heard.push(notice[0] ?? -1))
    const away = connectedBecomes(false)
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await away
    await connectedBecomes(true)
    await heardBy('topic', heard, 1)
    expect(heard).toEqual([1])
  })
})

test('a server that is not there yet is reported once, and used from the moment it is there', async () => {
  const port = await freePort()
  const reports: unknown[] = []
  const bus = await redisBus(`redis://127.0.0.1:${port}`, { clock, reportError: (error) => void reports.push(error) })
  expect(bus.connected).toBe(false)
  await expect(bus.publish('topic', new Uint8Array([1]))).rejects.toThrow()
  const connected = new Promise<boolean>((resolve) => void bus.onChange(resolve))
  const server = await redisServer(port)
  expect(await connected).toBe(true)
  expect(reports).toHaveLength(1)
  await bus.close()
  await server.kill()
})
