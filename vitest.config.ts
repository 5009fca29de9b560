import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// A file's ending says what it costs: `.test.ts` needs nothing, the others need a service or a browser.
const COSTLY = ['**/*.pg.test.ts', '**/*.redis.test.ts', '**/*.e2e.test.ts', '**/*.fault.test.ts']
const AWAY = ['**/node_modules/**', '**/dist/**']
/** An embedded database takes up to 8 s to make on two busy cores. */
const BOOT_MS = 60_000

/** They promise times, so the machine is theirs alone; what the other faults show, they show beside each other. */
const TIMED_FAULTS = ['tests/faults/{lines,nodes,reconnect,process,database,databaseCrash}.fault.test.ts']

/** Where `.ci/run` collects what each run counted. */
const reportDir = process.env['TEST_REPORT_DIR']

export default defineConfig({
  test: {
    reporters: reportDir
      ? ['default', ['json', { outputFile: join(reportDir, `vitest-${process.pid}.json`) }]]
      : ['default'],
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{apps,packages}/*/src/**/*.test.{ts,tsx}',
            'tests/{architecture,convergence,load}/**/*.test.ts',
            'infra/**/*.test.ts',
          ],
          exclude: [...COSTLY, ...AWAY],
          testTimeout: 30_000,
          hookTimeout: BOOT_MS,
        },
      },
      {
        test: {
          // Whole servers, from outside: nothing to install either, but too slow for every save.
          name: 'whole',
          include: ['tests/{contract,security}/**/*.test.ts'],
          exclude: [...COSTLY, ...AWAY],
          testTimeout: 60_000,
          hookTimeout: BOOT_MS,
        },
      },
      {
        test: {
          name: 'pg',
          include: ['**/*.pg.test.ts'],
          exclude: AWAY,
          globalSetup: ['./infra/run/requirePostgres.ts'],
          testTimeout: 30_000,
          hookTimeout: BOOT_MS,
        },
      },
      {
        test: {
          name: 'redis',
          include: ['**/*.redis.test.ts'],
          exclude: AWAY,
          globalSetup: ['./infra/run/requireRedis.ts'],
          testTimeout: 30_000,
          hookTimeout: BOOT_MS,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.e2e.test.ts'],
          exclude: AWAY,
          globalSetup: ['./infra/run/requireBrowser.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.fault.test.ts'],
          exclude: [...TIMED_FAULTS, ...AWAY],
          globalSetup: ['./infra/run/requireFaultTools.ts'],
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'faults-timed',
          include: TIMED_FAULTS,
          exclude: AWAY,
          globalSetup: ['./infra/run/requireFaultTools.ts'],
          sequence: { groupOrder: 2 },
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
