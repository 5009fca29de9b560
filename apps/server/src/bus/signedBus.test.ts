import { busContract } from '@dongbo/testkit/contractsBus.ts'
import type { Bus } from '@dongbo/sync/ports/bus.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { expect, test } from 'vitest'
import { memoryBus } from './memory.ts'
import { signedBus, type Ignored } from './signedBus.ts'

const KEY = new Uint8Array(32).fill(7)
const throwReports = (error: unknown) => {
  throw error
}
const ignoreReports = () => undefined

busContract('signed', async () => {
  const bus = memoryBus(ignoreReports)
  return [signedBus(bus, KEY, throwReports), signedBus(bus, KEY, throwReports)]
})

/** A bus that everybody can write to, with what was said on it, and a node that listens to `topic`. */
async function overheard() {
  const said: { readonly topic: string; readonly notice: Uint8Array }[] = []
  const open = memoryBus(throwReports)
  const wire: Bus = {
    ...open,
    async publish(topic, notice) {
      said.push({ topic, notice })
      await open.publish(topic, notice)
    },
  }
  const ignored: Ignored[] = []
  const heard: string[] = []
  const node = signedBus(wire, KEY, (because) => void ignored.push(because))
  await node.subscribe('topic', (notice) => void heard.push(new TextDecoder().decode(notice)))
  await node.publish('topic', new TextEncoder().encode('genuine'))
  const [genuine] = said
  if (genuine === undefined) throw new Error('it was published')
  const { topic, notice } = genuine
  return { wire, node, topic, notice, heard, ignored }
}

test('what nobody signed is heard by nobody, counted, and does not stop what is signed', async () => {
  const { wire, node, topic, heard, ignored } = await overheard()
  const random = seededRandom(23)
  for (let index = 0; index < 1_000; index++) {
    const noise = Uint8Array.from({ length: random.below(200) }, () => random.below(256))
    await wire.publish(topic, noise)
  }
  await wire.publish(topic, new TextEncoder().encode('a'.repeat(64)))
  await node.publish('topic', new TextEncoder().encode('still here'))
  expect(heard).toEqual(['genuine', 'still here'])
  expect(ignored).toHaveLength(1_001)
  expect(new Set(ignored)).toEqual(new Set(['too-short', 'other-version', 'not-ours']))
})

test('a notice that differs in any one bit is not believed', async () => {
  const { wire, topic, notice, heard, ignored } = await overheard()
  for (let bit = 0; bit < notice.length * 8; bit++) {
    const changed = notice.slice()
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    await wire.publish(topic, changed)
  }
  expect(heard).toEqual(['genuine'])
  expect(ignored).toHaveLength(notice.length * 8)
})

test('a notice counts under its own topic only, and only with the key of this database', async () => {
  const { wire, node, topic, notice, heard, ignored } = await overheard()
  await node.subscribe('other', (body) => void heard.push(`other: ${new TextDecoder().decode(body)}`))
  await wire.publish(topic.replace(/topic$/, 'other'), notice)
  expect(ignored).toEqual(['not-ours'])

  const stranger = signedBus(wire, new Uint8Array(32).fill(8), throwReports)
  await stranger.publish('topic', new TextEncoder().encode('from another installation'))
  expect(heard).toEqual(['genuine'])
  expect(ignored).toEqual(['not-ours'])
})
