import { trustedId, type GroupId, type TaskId } from '@dongbo/model/ids.ts'
import { describe, expect, test } from 'vitest'
import { columnsInView, layoutLines, linesInView, scrollTo, SECTION_HEIGHT_PX } from './layout.ts'

const group = (id: string) => ({ id: trustedId<GroupId>(id) })
const tasks = (section: string, count: number) =>
  Array.from({ length: count }, (_, index) => trustedId<TaskId>(`${section}-${index}`))

const SECTIONS = [
  { group: group('I'), taskIds: tasks('I', 3) },
  { group: group('II'), taskIds: [] },
  { group: group('III'), taskIds: tasks('III', 2_000) },
]

describe('lines', () => {
  test('stand one under the other without gaps', () => {
    const { lines, height } = layoutLines(SECTIONS, new Set(), 42)
    expect(lines).toHaveLength(3 + 3 + 2_000)
    let top = 0
    for (const line of lines) {
      expect(line.top).toBe(top)
      top += line.height
    }
    expect(height).toBe(top)
  })

  test('a folded section keeps its head', () => {
    const { lines, height } = layoutLines(SECTIONS, new Set([trustedId<GroupId>('III')]), 42)
    expect(lines.map((line) => line.id)).toEqual(['I', 'I-0', 'I-1', 'I-2', 'II', 'III'])
    expect(height).toBe(3 * SECTION_HEIGHT_PX + 3 * 42)
  })

  test('only what a window shows is taken, at any scroll position', () => {
    const layout = layoutLines(SECTIONS, new Set(), 42)
    for (const top of [0, 10, 27, 500, 40_000, layout.height - 600]) {
      const { from, to } = linesInView(layout, top, 600, 0)
      const seen = layout.lines.filter((line) => line.top < top + 600 && line.top + line.height > top)
      expect(layout.lines.slice(from, to)).toEqual(seen)
    }
    expect(linesInView(layout, 0, 600, 3).from).toBe(0)
  })

  test('an empty sheet shows nothing', () => {
    expect(linesInView(layoutLines([], new Set(), 42), 0, 600, 3)).toEqual({ from: 0, to: 0 })
  })
})

describe('columns', () => {
  test('only those in the window, with spare ones, within bounds', () => {
    expect(columnsInView(47, 26, 0, 260, 0)).toEqual({ from: 0, to: 10 })
    expect(columnsInView(47, 26, 13, 260, 0)).toEqual({ from: 0, to: 11 })
    expect(columnsInView(47, 26, 520, 10_000, 2)).toEqual({ from: 18, to: 47 })
    expect(columnsInView(0, 26, 0, 260, 2)).toEqual({ from: 0, to: 0 })
  })
})

describe('scrollTo', () => {
  test('moves as little as possible', () => {
    expect(scrollTo(100, 200, 150, 180)).toBe(100)
    expect(scrollTo(100, 200, 40, 80)).toBe(40)
    expect(scrollTo(100, 200, 290, 330)).toBe(130)
  })

  test('shows the start of what does not fit', () => {
    expect(scrollTo(0, 100, 50, 400)).toBe(50)
  })
})
