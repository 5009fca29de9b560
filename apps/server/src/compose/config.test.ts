import { expect, test } from 'vitest'
import { BadConfiguration, readConfig } from './config.ts'

test('everything has a default: the embedded database, as a demo', () => {
  expect(readConfig({})).toMatchObject({ PORT: 4750, HOST: '127.0.0.1', DATA_DIR: './data', DONGBO_DEMO: true })
})

test('PostgreSQL is no demo unless it is said', () => {
  const DATABASE_URL = 'postgres://user:password@db.example:5432/dongbo'
  expect(readConfig({ DATABASE_URL }).DONGBO_DEMO).toBe(false)
  expect(readConfig({ DATABASE_URL, DONGBO_DEMO: '1' }).DONGBO_DEMO).toBe(true)
})

test('an empty variable is left out', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '', REDIS_URL: '' })).toEqual(readConfig({}))
})

test('the clock of a demo starts at a day or an instant', () => {
  expect(readConfig({ DONGBO_NOW: '2026-11-23' }).DONGBO_NOW).toBe('2026-11-23T08:00:00+07:00')
  expect(readConfig({ DONGBO_NOW: '2026-11-23T23:59:00+07:00' }).DONGBO_NOW).toBe('2026-11-23T23:59:00+07:00')
})

test('proxies are named by address or network', () => {
  expect(readConfig({ TRUSTED_PROXIES: '10.0.0.7, 192.168.0.0/16,::1' }).TRUSTED_PROXIES).toEqual([
    '10.0.0.7',
    '192.168.0.0/16',
    '::1',
  ])
})

test.each([
  [{ PORT: 'http' }, 'PORT must be a port number.'],
  [{ PORT: '80.5' }, 'PORT must be a whole number.'],
  [
    { DATABASE_URL: 'mysql://db/x' },
    'DATABASE_URL must be an address like postgres://user:password@host:5432/database.',
  ],
  [{ REDIS_URL: 'db:6379' }, 'REDIS_URL must be an address like redis://host:6379.'],
  [{ PUBLIC_URL: 'dongbo.example' }, 'PUBLIC_URL must be an address like https://dongbo.example.'],
  [{ DONGBO_DEMO: 'yes' }, 'DONGBO_DEMO must be 0 or 1.'],
  [{ DONGBO_NOW: 'today' }, 'DONGBO_NOW must be a date like 2026-11-23, or an instant like 2026-11-23T08:00:00+07:00.'],
  [{ DONGBO_NOW: '2026-11-23', DONGBO_DEMO: '0' }, 'DONGBO_NOW is for demos and tests: leave it out here.'],
  [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN must have at least 16 characters.'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be fatal, error, warn, info, debug or silent.'],
  [{ TRUSTED_PROXIES: 'the proxy' }, 'TRUSTED_PROXIES must be addresses or networks, with commas between.'],
])('%o is refused by name', (environment, sentence) => {
  expect(() => readConfig(environment)).toThrow(new BadConfiguration(sentence))
})
