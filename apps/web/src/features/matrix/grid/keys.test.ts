import { describe, expect, test } from 'vitest'
import { commandOf, walk, type Extent, type Key } from './keys.ts'

const key = (code: string, more: Partial<Key> = {}): Key => ({
  code,
  key: '',
  ctrl: false,
  shift: false,
  alt: false,
  composing: false,
  ...more,
})

describe('commandOf', () => {
  test.each([
    ['ArrowLeft', {}, { do: 'move', columns: -1, lines: 0 }],
    ['ArrowDown', { ctrl: true }, { do: 'edge', columns: 0, lines: 1 }],
    ['Home', {}, { do: 'row-end', at: 'first' }],
    ['End', { ctrl: true }, { do: 'sheet-end', at: 'last' }],
    ['PageDown', {}, { do: 'page', columns: 0, lines: 1 }],
    ['PageUp', { alt: true }, { do: 'page', columns: -1, lines: 0 }],
    ['Enter', {}, { do: 'open' }],
    ['F2', {}, { do: 'open' }],
    ['Space', {}, { do: 'drawer' }],
    ['Delete', {}, { do: 'clear' }],
    ['KeyZ', { ctrl: true }, { do: 'undo' }],
    ['KeyZ', { ctrl: true, shift: true }, { do: 'redo' }],
    ['KeyY', { ctrl: true }, { do: 'redo' }],
    ['KeyC', {}, { do: 'role', role: 'lead', keepOthers: false }],
    ['KeyB', { shift: true }, { do: 'role', role: 'inform', keepOthers: true }],
    ['Digit5', {}, { do: 'role', role: 'appraise', keepOthers: false }],
    ['Numpad0', {}, { do: 'role', role: 'report', keepOthers: false }],
  ] as const)('%s %o', (code, more, command) => {
    expect(commandOf(key(code, more))).toEqual(command)
  })

  test('reads the place of a key, so an input method that turns D into đ does not matter', () => {
    expect(commandOf(key('KeyD', { key: 'đ' }))).toEqual({ do: 'role', role: 'approve', keepOthers: false })
  })

  test('leaves keys alone while a letter is being composed', () => {
    expect(commandOf(key('KeyD', { composing: true }))).toBeNull()
    expect(commandOf(key('KeyD', { key: 'Process' }))).toBeNull()
  })

  test('leaves the browser its own', () => {
    expect(commandOf(key('KeyC', { ctrl: true }))).toBeNull()
    expect(commandOf(key('Tab'))).toBeNull()
    expect(commandOf(key('F5'))).toBeNull()
  })
})

describe('walk', () => {
  const filledColumns = new Set([2, 3, 4, 7])
  const extent: Extent = {
    lines: 100,
    columns: 10,
    pageLines: 20,
    pageColumns: 4,
    filled: ({ column }) => filledColumns.has(column),
  }
  const right = { do: 'edge', columns: 1, lines: 0 } as const

  test('stays inside the sheet', () => {
    expect(walk({ line: 0, column: 0 }, { do: 'move', columns: -1, lines: -1 }, extent)).toEqual({ line: 0, column: 0 })
    expect(walk({ line: 90, column: 9 }, { do: 'page', columns: 0, lines: 1 }, extent)).toEqual({ line: 99, column: 9 })
  })

  test('a page keeps one line in sight', () => {
    expect(walk({ line: 10, column: 0 }, { do: 'page', columns: 0, lines: 1 }, extent).line).toBe(29)
  })

  test('Ctrl and an arrow run to the end of a block, then to the next one, then to the border', () => {
    const stops = [0]
    for (let at = 0; at < 9; at = stops.at(-1) ?? 9) stops.push(walk({ line: 0, column: at }, right, extent).column)
    expect(stops).toEqual([0, 2, 4, 7, 9])
  })
})
