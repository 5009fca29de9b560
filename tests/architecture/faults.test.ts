import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const PAGE = readFileSync(join(ROOT, 'docs', 'faults.md'), 'utf8')
const FAULTS = join(ROOT, 'tests', 'faults')

/** The number of a fault and the tests that are named for it, of the first table. */
const injected = PAGE.slice(0, PAGE.indexOf('## Shown elsewhere'))
  .split('\n')
  .flatMap((line) => {
    const rows = /^\| ([\d, ]+) \|/.exec(line)?.[1]?.split(', ') ?? []
    const tests = [...line.matchAll(/`(tests\/[^`]+)`/g)].map(([, path]) => path ?? '')
    return rows.map((row) => ({ row, tests }))
  })

/** The numbers that a file's tests begin with; the stories that two files share are told in `killStory`. */
function rowsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/['`]rows? ([\d, ]+)/g)].flatMap(([, numbers]) => numbers?.match(/\d+/g) ?? [])
}

test('every file that the page names is there', () => {
  const named = [...PAGE.matchAll(/`((?:tests|packages|apps)\/[^`]+\.ts)`/g)].map(([, path]) => path ?? '')
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})

test('the test that the page names for a fault injects it', () => {
  expect(injected.length).toBeGreaterThan(20)
  const missing = injected.flatMap(({ row, tests }) =>
    tests.filter((path) => !rowsOf(join(ROOT, path)).includes(row)).map((path) => `${row}: ${path}`),
  )
  expect(missing).toEqual([])
})

test('the page names every fault that a test injects', () => {
  const onPage = new Set(injected.map(({ row }) => row))
  const inTests = readdirSync(FAULTS)
    .filter((file) => file.endsWith('.fault.test.ts'))
    .flatMap((file) => rowsOf(join(FAULTS, file)))
  expect(inTests.filter((row) => !onPage.has(row))).toEqual([])
})
