import type { GroupId, TaskId } from '@dongbo/model/ids.ts'

/** Height of a section's line, in pixels. */
export const SECTION_HEIGHT_PX = 27

/** One line of the sheet from top to bottom. */
export type Line =
  | { readonly kind: 'section'; readonly id: GroupId; readonly top: number; readonly height: number }
  | { readonly kind: 'task'; readonly id: TaskId; readonly top: number; readonly height: number }

export interface LineLayout {
  readonly lines: readonly Line[]
  /** Of all lines together, in pixels. */
  readonly height: number
  readonly indexOf: ReadonlyMap<TaskId | GroupId, number>
}

/** Puts sections and the tasks of unfolded sections one under the other. */
export function layoutLines(
  sections: readonly { readonly group: { readonly id: GroupId }; readonly taskIds: readonly TaskId[] }[],
  folded: ReadonlySet<GroupId>,
  rowHeightPx: number,
): LineLayout {
  const lines: Line[] = []
  const indexOf = new Map<TaskId | GroupId, number>()
  let top = 0
  for (const { group, taskIds } of sections) {
    indexOf.set(group.id, lines.length)
    lines.push({ kind: 'section', id: group.id, top, height: SECTION_HEIGHT_PX })
    top += SECTION_HEIGHT_PX
    if (folded.has(group.id)) continue
    for (const id of taskIds) {
      indexOf.set(id, lines.length)
      lines.push({ kind: 'task', id, top, height: rowHeightPx })
      top += rowHeightPx
    }
  }
  return { lines, height: top, indexOf }
}

/** A half-open range of indexes. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** The lines that a window from `topPx` shows, `spare` more on either side. */
export function linesInView(layout: LineLayout, topPx: number, heightPx: number, spare: number): Range {
  const { lines } = layout
  const from = firstBelow(lines, topPx)
  const to = firstStartingAt(lines, topPx + heightPx)
  return { from: Math.max(0, from - spare), to: Math.min(lines.length, to + spare) }
}

/** The columns, all `widthPx` wide, that a window from `leftPx` shows, `spare` more on either side. */
export function columnsInView(count: number, widthPx: number, leftPx: number, windowPx: number, spare: number): Range {
  const from = Math.floor(leftPx / widthPx) - spare
  const to = Math.ceil((leftPx + windowPx) / widthPx) + spare
  return { from: clamp(from, 0, count), to: clamp(to, 0, count) }
}

/** Where to scroll so that `start`–`end` is inside a window of `sizePx` from `nowPx`; `nowPx` when it already is. */
export function scrollTo(nowPx: number, sizePx: number, start: number, end: number): number {
  if (start < nowPx) return start
  if (end > nowPx + sizePx) return Math.min(start, end - sizePx)
  return nowPx
}

function firstBelow(lines: readonly Line[], topPx: number): number {
  return bisect(lines, (line) => line.top + line.height > topPx)
}

function firstStartingAt(lines: readonly Line[], px: number): number {
  return bisect(lines, (line) => line.top >= px)
}

/** The first index whose line passes; `holds` is false up to there and true behind. */
function bisect(lines: readonly Line[], holds: (line: Line) => boolean): number {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >> 1
    const line = lines[middle]
    if (line !== undefined && holds(line)) high = middle
    else low = middle + 1
  }
  return low
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value))
}
