import { expect, test } from 'vitest'
import { warnings } from './announce.ts'
import { readConfig } from './config.ts'

test.each([
  [{}, []],
  [{ HOST: '0.0.0.0' }, [/travel unencrypted/]],
  [{ HOST: '0.0.0.0', PUBLIC_URL: 'http://dongbo.example' }, [/travel unencrypted/]],
  [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://dongbo.example' }, []],
])('%j is warned of as it should', (environment, expected) => {
  expect(warnings(readConfig(environment))).toEqual(expected.map((sentence) => expect.stringMatching(sentence)))
})
