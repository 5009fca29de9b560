import type { BodyId } from './ids.ts'
import type { PlainDate } from './plainDate.ts'

export const BODY_KINDS = [
  'central_agency',
  'party_body',
  'city_leadership',
  'city_department',
  'district',
  'commune',
  'sociopolitical_org',
  'people_association',
  'media',
  'public_unit',
  'group',
] as const
export type BodyKind = (typeof BODY_KINDS)[number]

/** A body is data with validity dates and successors, never code: names and mergers change by act of the authorities. */
export interface Body {
  readonly id: BodyId
  readonly kind: BodyKind
  readonly nameVi: string
  readonly nameEn: string
  readonly abbr: string
  readonly parentId: BodyId | null
  /** First day it exists, or null when it was always there. */
  readonly validFrom: PlainDate | null
  /** Last day it exists, or null while it lives on. */
  readonly validTo: PlainDate | null
  readonly successorIds: readonly BodyId[]
}

/** The five columns families of the matrix: central, city, local, socio-political, press. */
export const COLUMN_KINDS = ['tw', 'tp', 'dp', 'dt', 'bc'] as const
export type ColumnKind = (typeof COLUMN_KINDS)[number]

const COLUMN_OF: Readonly<Record<BodyKind, ColumnKind>> = {
  central_agency: 'tw',
  party_body: 'tp',
  city_leadership: 'tp',
  city_department: 'tp',
  public_unit: 'tp',
  group: 'tp',
  district: 'dp',
  commune: 'dp',
  sociopolitical_org: 'dt',
  people_association: 'dt',
  media: 'bc',
}

export function columnKind(body: Pick<Body, 'kind'>): ColumnKind {
  return COLUMN_OF[body.kind]
}

export function existsOn(body: Pick<Body, 'validFrom' | 'validTo'>, date: PlainDate): boolean {
  return (body.validFrom === null || body.validFrom <= date) && (body.validTo === null || date <= body.validTo)
}
