import type { BodyId } from '@dongbo/model/ids.ts'
import type { Role } from '@dongbo/model/role.ts'
import type { Columns } from '../columns.ts'
import type { Range } from './layout.ts'
import type { Metrics } from './metrics.ts'

const DOT_PX = 10

const COLOUR: Readonly<Record<Role, string>> = {
  lead: '--seal',
  approve: '--thep',
  direct: '--ink',
  appraise: '--thep-line',
  coordinate: '--cham-line',
  advise: '--cham-line',
  supply: '--ngoc-line',
  monitor: '--control',
  report: '--com-line',
  inform: '--line-2',
}

/** The row's roles as one CSS background, a dot in its colour for each: what a rushing row shows instead of chips. */
export function dots(
  roles: ReadonlyMap<BodyId, readonly Role[]>,
  columns: Columns,
  metrics: Metrics,
  shown: Range,
): { readonly backgroundImage: string; readonly backgroundPosition: string } | undefined {
  const images: string[] = []
  const positions: string[] = []
  for (const [body, [strongest]] of roles) {
    const index = columns.indexOf.get(body)
    if (strongest === undefined || index === undefined || index < shown.from || index >= shown.to) continue
    const colour = `var(${COLOUR[strongest]})`
    images.push(`linear-gradient(${colour},${colour})`)
    positions.push(`${metrics.frozenWidth + index * metrics.cellWidth + (metrics.cellWidth - DOT_PX) / 2}px 50%`)
  }
  if (images.length === 0) return undefined
  return { backgroundImage: images.join(), backgroundPosition: positions.join() }
}
