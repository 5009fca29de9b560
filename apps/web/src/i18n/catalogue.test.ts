import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import { afterEach, describe, expect, test } from 'vitest'
import { speak, text } from './catalogue.ts'
import { en } from './en.ts'
import { vi, type MessageId } from './vi.ts'

const IDS = Object.keys(vi) as MessageId[]

/** The names of all arguments of an ICU message, also those inside plural branches. */
function argumentsOf(message: string): readonly string[] {
  const names = new Set<string>()
  const visit = (tokens: unknown): void => {
    if (!Array.isArray(tokens)) return
    for (const token of tokens) {
      if (!Array.isArray(token)) continue
      names.add(String(token[0]))
      const branches: unknown = token[2]
      if (typeof branches === 'object' && branches !== null) Object.values(branches).forEach(visit)
    }
  }
  visit(compileMessage(message))
  return [...names].toSorted()
}

afterEach(() => speak('vi'))

test('both languages take the same arguments', () => {
  for (const id of IDS) expect([id, argumentsOf(en[id])]).toEqual([id, argumentsOf(vi[id])])
})

test('Vietnamese is written in NFC, with tone marks in the old style', () => {
  for (const id of IDS) {
    expect(vi[id]).toBe(vi[id].normalize('NFC'))
    expect(vi[id]).not.toMatch(/o[àáảãạ](?!\p{L})|(?<!q)u[ỳýỷỹỵ](?!\p{L})/u)
    expect(vi[id]).not.toContain('!')
  }
})

test('every message is used somewhere', () => {
  const source = readSource(join(import.meta.dirname, '..'))
  // `t(`status.${status}`)`: ids that are put together are used by their beginning.
  const beginnings = [...source.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map(([, beginning]) => beginning ?? '')
  const unused = IDS.filter(
    (id) => !source.includes(`'${id}'`) && !beginnings.some((beginning) => id.startsWith(beginning)),
  )
  expect(unused).toEqual([])
})

describe('plurals', () => {
  test('Vietnamese has one form, English two', async () => {
    expect(text('save.offline', { count: 3 })).toBe('Ngoại tuyến – 3 thay đổi chờ')
    expect(text('save.offline', { count: 0 })).toBe('Ngoại tuyến – không có thay đổi chờ')
    await speak('en')
    expect(text('save.offline', { count: 1 })).toBe('Offline – 1 change waiting')
    expect(text('save.offline', { count: 2 })).toBe('Offline – 2 changes waiting')
  })
})

function readSource(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.|^(vi|en)\.ts$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
}
