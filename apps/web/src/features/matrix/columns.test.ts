import type { Body, BodyKind } from '@dongbo/model/body.ts'
import { trustedId, type BodyId } from '@dongbo/model/ids.ts'
import { plainDate } from '@dongbo/model/plainDate.ts'
import { expect, test } from 'vitest'
import { columnsOf } from './columns.ts'

const body = (id: string, kind: BodyKind, validTo: string | null = null): Body => ({
  id: trustedId<BodyId>(id),
  kind,
  nameVi: `Cơ quan ${id}`,
  nameEn: `Body ${id}`,
  abbr: id.toUpperCase(),
  parentId: null,
  validFrom: null,
  validTo: validTo === null ? null : plainDate(validTo),
  successorIds: [],
})
const BODIES = [
  body('vtv', 'media'),
  body('bng', 'central_agency'),
  body('sdl', 'city_department'),
  body('sngv', 'city_department', '2025-02-28'),
  body('stttt', 'city_department', '2025-02-28'),
]
const load = (...ids: string[]) => ({
  byBody: new Map(ids.map((id) => [trustedId<BodyId>(id), { leads: 0, others: 1 }])),
  byRole: new Map(),
})
const common = { bodies: BODIES, today: plainDate('2026-11-23'), myBody: 'sdl', language: 'vi' } as const

test('stand by kind; an ended body only while it holds a role', () => {
  const { list, blocks, all } = columnsOf({ ...common, totals: load('sngv'), hideEmpty: false })
  expect(list.map((column) => column.id)).toEqual(['bng', 'sdl', 'sngv', 'vtv'])
  expect(blocks).toEqual([
    { kind: 'tw', from: 0, count: 1 },
    { kind: 'tp', from: 1, count: 2 },
    { kind: 'bc', from: 3, count: 1 },
  ])
  expect(list.map((column) => column.lastOfKind)).toEqual([true, false, true, true])
  expect(list.find((column) => column.ended)?.id).toBe('sngv')
  expect(all).toBe(4)
})

test('hiding empty columns keeps one’s own and says how many there are', () => {
  const { list, all } = columnsOf({ ...common, totals: load('bng'), hideEmpty: true })
  expect(list.map((column) => column.id)).toEqual(['bng', 'sdl'])
  expect(all).toBe(3)
})
