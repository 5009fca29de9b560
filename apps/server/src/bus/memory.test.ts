import { busContract } from '@dongbo/testkit/contractsBus.ts'
import { memoryBus } from './memory.ts'

busContract('memory', async () => {
  const bus = memoryBus(() => undefined)
  return [bus, bus]
})
