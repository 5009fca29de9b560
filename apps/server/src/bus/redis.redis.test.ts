import { busContract } from '@dongbo/testkit/contractsBus.ts'
import { expect, test } from 'vitest'
import { redisBus } from './redis.ts'

const url = process.env['TEST_REDIS_URL'] ?? ''
const ignoreReports = () => undefined

busContract('Redis', async () => [await redisBus(url, ignoreReports), await redisBus(url, ignoreReports)])

test('a server that is not there is told at once', async () => {
  await expect(redisBus('redis://127.0.0.1:1', ignoreReports)).rejects.toThrow()
})
