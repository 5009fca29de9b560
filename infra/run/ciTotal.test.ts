import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dongbo-total-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function report(name: string, ...files: readonly (readonly ['passed' | 'failed', ...string[]])[]): void {
  const testResults = files.map(([status, ...tests]) => ({
    status,
    assertionResults: tests.map((one) => ({ status: one })),
  }))
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ testResults }))
}

function steps(...lines: readonly string[]): void {
  writeFileSync(join(folder, 'steps'), lines.map((line) => `${line}\n`).join(''))
}

function total() {
  const done = spawnSync(process.execPath, [join(import.meta.dirname, 'ciTotal.ts'), folder], { encoding: 'utf8' })
  return { line: done.stdout, status: done.status }
}

test('adds up all runners and counts a step as one', () => {
  report('unit', ['passed', 'passed', 'passed'], ['passed', 'passed', 'pending'])
  report('pg', ['passed', 'passed'])
  steps('runner passed npm test', 'step passed types, lint', 'runner passed PostgreSQL')
  expect(total()).toEqual({ line: '5 passed, 0 failed, 1 skipped\n', status: 0 })
})

test('fails with a failing test, counted once', () => {
  report('unit', ['failed', 'passed', 'failed'])
  steps('runner failed npm test')
  expect(total()).toEqual({ line: '1 passed, 1 failed, 0 skipped\n', status: 1 })
})

test('counts a file that broke before its first test', () => {
  report('unit', ['failed'], ['passed', 'passed'])
  steps('runner failed npm test')
  expect(total()).toEqual({ line: '1 passed, 1 failed, 0 skipped\n', status: 1 })
})

test('counts a runner that failed without a failing test', () => {
  report('unit', ['passed', 'passed'])
  steps('runner passed npm test', 'runner failed Redis')
  expect(total()).toEqual({ line: '1 passed, 1 failed, 0 skipped\n', status: 1 })
})

test('counts a runner that failed without a failing test beside one that failed with some', () => {
  report('unit', ['failed', 'passed', 'failed', 'failed'])
  report('pg', ['passed', 'passed'])
  steps('runner failed npm test', 'runner failed PostgreSQL', 'runner passed Redis')
  expect(total()).toEqual({ line: '2 passed, 3 failed, 0 skipped\n', status: 1 })
})

test('a run of nothing is no success', () => {
  expect(total()).toEqual({ line: '0 passed, 0 failed, 0 skipped\n', status: 1 })
})
