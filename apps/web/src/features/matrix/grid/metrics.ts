import type { Density } from '#session/preferences.ts'

/** The columns that stay in place at the left, in order. */
export const FIELD_COLUMNS = ['code', 'title', 'deadline', 'status', 'product'] as const
export type FieldColumn = (typeof FIELD_COLUMNS)[number]

export interface FrozenColumn {
  readonly id: FieldColumn
  readonly left: number
  readonly width: number
}

/** Sizes in pixels that the width of the window and the density decide together. */
export interface Metrics {
  readonly frozen: readonly FrozenColumn[]
  readonly frozenWidth: number
  readonly rowHeight: number
  readonly cellWidth: number
  /** Deadline and status stand under the title instead of in columns of their own. */
  readonly folded: boolean
}

const WIDTH: Readonly<Record<FieldColumn, number>> = { code: 40, title: 262, deadline: 60, status: 96, product: 104 }
const HEAD_HEIGHT_PX = 128
const KIND_STRIP_PX = 24
/** Slanted heads and the strip of kinds under them. */
export const BAND_HEIGHT_PX = HEAD_HEIGHT_PX + KIND_STRIP_PX
export const FOOT_HEIGHT_PX = 44

export function metricsFor(windowWidthPx: number, density: Density): Metrics {
  const shown: readonly FieldColumn[] =
    windowWidthPx >= 1400 ? FIELD_COLUMNS : windowWidthPx >= 1200 ? FIELD_COLUMNS.slice(0, 4) : ['code', 'title']
  const touch = windowWidthPx < 1200
  const width = (id: FieldColumn): number => (touch && id === 'title' ? 296 : touch && id === 'code' ? 48 : WIDTH[id])
  let left = 0
  const frozen = shown.map((id) => {
    const column = { id, left, width: width(id) }
    left += column.width
    return column
  })
  return {
    frozen,
    frozenWidth: left,
    rowHeight: touch ? 62 : density === 'compact' ? 28 : 42,
    cellWidth: touch ? 44 : 26,
    folded: touch,
  }
}

/** How far a slanted head (−62°) reaches to the right of its column. */
export const HEAD_REACH_PX = Math.ceil(HEAD_HEIGHT_PX / Math.tan((62 * Math.PI) / 180))

/** Width of everything right of the frozen columns, in pixels. */
export function contentWidth(columns: number, metrics: Metrics): number {
  return columns * metrics.cellWidth + HEAD_REACH_PX + 8
}
