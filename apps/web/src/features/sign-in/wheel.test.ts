import { expect, test } from 'vitest'
import { at, wheel } from './wheel.ts'

const COUNTS = [
  { kind: 'tw', count: 7 },
  { kind: 'tp', count: 18 },
  { kind: 'dp', count: 9 },
  { kind: 'dt', count: 8 },
  { kind: 'bc', count: 5 },
] as const

test('one spoke a body, one of them the lead, at one o’clock', () => {
  const { spokes } = wheel(COUNTS)
  expect(spokes).toHaveLength(47)
  const leads = spokes.filter((spoke) => spoke.lead)
  expect(leads).toHaveLength(1)
  expect(leads[0]?.angle).toBeCloseTo(Math.PI / 6)
})

test('the spokes of a kind stand inside its arc and arcs do not touch', () => {
  const { spokes, arcs } = wheel(COUNTS)
  expect(arcs).toHaveLength(5)
  for (const arc of arcs) {
    const own = spokes.filter((spoke) => spoke.kind === arc.kind)
    for (const spoke of own) expect(spoke.angle > arc.from && spoke.angle < arc.to).toBe(true)
  }
  for (const [index, arc] of arcs.entries()) {
    const next = arcs[index + 1]
    if (next !== undefined) expect(next.from).toBeGreaterThan(arc.to)
  }
})

test('no bodies, no wheel', () => {
  expect(wheel([])).toEqual({ spokes: [], arcs: [] })
})

test('angles run clockwise from twelve o’clock', () => {
  expect(at(10, 0)).toEqual({ x: 0, y: -10 })
  expect(at(10, Math.PI / 2)).toEqual({ x: 10, y: -0 })
})
