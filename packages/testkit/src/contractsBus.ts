import type { Bus } from '@dongbo/sync/ports/bus.ts'
import { describe, expect, test } from 'vitest'

let topics = 0

function newTopic(): string {
  topics += 1
  return `dongbo-test-${process.pid}-${topics}`
}

/** Keeps what is heard, and lets a test wait for the n-th notice. */
function listener() {
  const heard: Uint8Array[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  return {
    heard,
    hear(notice: Uint8Array) {
      heard.push(notice)
      for (const wait of waiting) if (heard.length >= wait.count) wait.resolve()
    },
    async hasHeard(count: number): Promise<void> {
      if (heard.length >= count) return
      await new Promise<void>((resolve) => waiting.push({ count, resolve }))
    },
  }
}

/** The exam of every `Bus`. `open` gives two ends: two nodes on one bus, which the test closes. */
export function busContract(adapter: string, open: () => Promise<readonly [Bus, Bus]>): void {
  describe(`bus: ${adapter}`, () => {
    test('a notice is heard on every node, the sender’s included, byte by byte', async () => {
      const [here, there] = await open()
      const topic = newTopic()
      const [near, far] = [listener(), listener()]
      await here.subscribe(topic, near.hear)
      await there.subscribe(topic, far.hear)
      const notice = new Uint8Array([0, 10, 13, 128, 255])
      await here.publish(topic, notice)
      await Promise.all([near.hasHeard(1), far.hasHeard(1)])
      expect(near.heard).toEqual([notice])
      expect(far.heard).toEqual([notice])
      await Promise.all([here.close(), there.close()])
    })

    test('a topic hears only its own notices, in the order of one sender', async () => {
      const [here, there] = await open()
      const [topic, other] = [newTopic(), newTopic()]
      const far = listener()
      await there.subscribe(topic, far.hear)
      await here.publish(other, new Uint8Array([9]))
      for (const byte of [1, 2, 3]) await here.publish(topic, new Uint8Array([byte]))
      await far.hasHeard(3)
      expect(far.heard.map((notice) => notice[0])).toEqual([1, 2, 3])
      await Promise.all([here.close(), there.close()])
    })

    test('who has stopped hears nothing more, the others still do', async () => {
      const [here, there] = await open()
      const topic = newTopic()
      const [leaving, staying] = [listener(), listener()]
      const stop = await there.subscribe(topic, leaving.hear)
      await there.subscribe(topic, staying.hear)
      await stop()
      await here.publish(topic, new Uint8Array([1]))
      await staying.hasHeard(1)
      expect(leaving.heard).toEqual([])
      await Promise.all([here.close(), there.close()])
    })

    test('a listener that throws does not keep the others from hearing', async () => {
      const [here, there] = await open()
      const topic = newTopic()
      const sound = listener()
      await there.subscribe(topic, () => {
        throw new Error('a defect of one listener')
      })
      await there.subscribe(topic, sound.hear)
      await here.publish(topic, new Uint8Array([1]))
      await sound.hasHeard(1)
      expect(sound.heard).toHaveLength(1)
      await Promise.all([here.close(), there.close()])
    })
  })
}
