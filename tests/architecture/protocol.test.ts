import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CLOSE_CODES } from '@dongbo/protocol/closeCodes.ts'
import * as messages from '@dongbo/protocol/messages.ts'
import { describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const PAGE = read('docs/protocol.md')

function rows(heading: string): string[][] {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(heading))
  if (section === undefined) throw new Error(`docs/protocol.md has no section "${heading}"`)
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** The members of a union of strings, as it is written. */
function union(path: string, name: string): string[] {
  const [, body = ''] = read(path).split(`export type ${name} =`)
  const end = body.search(/^\S/m)
  return [...body.slice(0, end).matchAll(/\| '([a-z-]+)'/g)].map(([, code = '']) => code)
}

test('every refusal of the gate and of the model is named at its stage', () => {
  const codes = [
    ...union('packages/sync/src/gate/refusal.ts', 'RefusalCode'),
    ...union('packages/model/src/matrix/writes.ts', 'MatrixFault'),
  ]
  expect(codes.length).toBeGreaterThan(10)
  const written = rows('What happens to an update').flatMap(([, refusals = '']) =>
    [...refusals.matchAll(/`([a-z-]+)`/g)].map(([, code = '']) => code),
  )
  const closes = Object.keys(CLOSE_CODES)
  expect(new Set(written.filter((code) => !closes.includes(code)))).toEqual(new Set(codes))
})

test('the messages are those of the code', () => {
  const written = rows('Messages').map(([type = '']) => type.replaceAll('`', ''))
  const { MESSAGE_SYNC, SYNC_STEP_1, SYNC_STEP_2, SYNC_UPDATE } = messages
  const types = [
    ...[SYNC_STEP_1, SYNC_STEP_2, SYNC_UPDATE].map((step) => `${MESSAGE_SYNC} ${step}`),
    ...Object.entries(messages).flatMap(([name, value]) =>
      name.startsWith('MESSAGE_') && value !== MESSAGE_SYNC ? [String(value)] : [],
    ),
  ]
  expect(written.toSorted()).toEqual(types.toSorted())
  expect(PAGE).toContain(`**\`${messages.SUBPROTOCOL}\`**`)
})

test('close codes say what the client does by itself', () => {
  const written = rows('Close codes').map(([code, reason = '', retry]) => [
    reason.replaceAll('`', ''),
    Number(code),
    retry,
  ])
  expect(new Set(written.map(String))).toEqual(
    new Set(Object.entries(CLOSE_CODES).map(([reason, { code, retry }]) => String([reason, code, retry]))),
  )
})

describe('invariants', () => {
  test.each(rows('Invariants'))('%s %s', (_number, _always, where) => {
    const [, path = '', title = ''] = /^`([^`]+)` (.+)$/.exec(where ?? '') ?? []
    expect(existsSync(join(ROOT, path)), path).toBe(true)
    expect(read(path).replaceAll(/'\s*\+\s*'/g, '')).toContain(title)
  })

  test('are numbered', () => {
    expect(rows('Invariants').map(([number]) => number)).toEqual(rows('Invariants').map((_, index) => `R${index + 1}`))
  })
})
