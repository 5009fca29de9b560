import { expect, test } from 'vitest'
import { warnings } from './announce.ts'
import { readConfig } from './config.ts'

test.each([
  [{}, []],
  [{ HOST: '0.0.0.0' }, [/travel unencrypted/]],
  [{ HOST: '0.0.0.0', PUBLIC_URL: 'http://dongbo.example' }, [/travel unencrypted/]],
  [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://dongbo.example' }, []],
  [{ REDIS_URL: 'redis://127.0.0.1:6379' }, [/one server per database/]],
])('%j is warned of as it should', (environment, expected) => {
  expect(warnings(readConfig(environment))).toEqual(expected.map((sentence) => expect.stringMatching(sentence)))
})
