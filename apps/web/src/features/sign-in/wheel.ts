import type { KindScope } from '#ui/KindMark.tsx'

export interface Spoke {
  readonly kind: KindScope
  /** Radians, clockwise from twelve o'clock. */
  readonly angle: number
  /** The one red spoke: many bodies, one lead. */
  readonly lead: boolean
}

export interface Arc {
  readonly kind: KindScope
  readonly from: number
  readonly to: number
}

/** Where the lead's spoke stands: between twelve and one o'clock, as in the mark. */
const LEAD_ANGLE = Math.PI / 6
/** Width of the gap between two kinds, in spokes. */
const GAP = 1

/** Spreads the bodies as spokes around a wheel, one arc a kind, and turns it so that a spoke comes to the lead's place. */
export function wheel(counts: readonly { readonly kind: KindScope; readonly count: number }[]): {
  readonly spokes: readonly Spoke[]
  readonly arcs: readonly Arc[]
} {
  const shown = counts.filter(({ count }) => count > 0)
  const places = shown.reduce((sum, { count }) => sum + count + GAP, 0)
  if (places === 0) return { spokes: [], arcs: [] }
  const step = (2 * Math.PI) / places
  const start = -Math.PI / 3
  const raw: { kind: KindScope; angle: number }[] = []
  const arcs: Arc[] = []
  let place = 0
  for (const { kind, count } of shown) {
    const first = start + (place + GAP / 2 + 0.5) * step
    for (let i = 0; i < count; i++) raw.push({ kind, angle: first + i * step })
    arcs.push({ kind, from: first - step / 3, to: first + (count - 1) * step + step / 3 })
    place += count + GAP
  }
  const nearest = raw.reduce((best, spoke) =>
    Math.abs(spoke.angle - LEAD_ANGLE) < Math.abs(best.angle - LEAD_ANGLE) ? spoke : best,
  )
  const turn = LEAD_ANGLE - nearest.angle
  return {
    spokes: raw.map((spoke) => ({ kind: spoke.kind, angle: spoke.angle + turn, lead: spoke === nearest })),
    arcs: arcs.map(({ kind, from, to }) => ({ kind, from: from + turn, to: to + turn })),
  }
}

/** The point at `radius` and `angle` of a wheel around the origin, y downwards. */
export function at(radius: number, angle: number): { readonly x: number; readonly y: number } {
  return { x: Math.round(radius * Math.sin(angle) * 10) / 10, y: Math.round(-radius * Math.cos(angle) * 10) / 10 }
}
