import { COLUMN_KINDS, columnKind, existsOn, type Body, type ColumnKind } from '@dongbo/model/body.ts'
import type { BodyId } from '@dongbo/model/ids.ts'
import type { PlainDate } from '@dongbo/model/plainDate.ts'
import type { Language } from '#i18n/catalogue.ts'
import { fullName, shortName } from '#features/body/bodyName.ts'
import type { Totals } from '#views/matrixView.ts'

/** One body as a column of the matrix. */
export interface Column {
  readonly id: BodyId
  readonly kind: ColumnKind
  readonly name: string
  readonly fullName: string
  readonly mine: boolean
  readonly ended: boolean
  /** The last of its kind: a stronger line follows. */
  readonly lastOfKind: boolean
}

/** A run of columns of one kind, with its place among all columns. */
export interface KindBlock {
  readonly kind: ColumnKind
  readonly from: number
  readonly count: number
}

export interface Columns {
  readonly list: readonly Column[]
  readonly blocks: readonly KindBlock[]
  readonly indexOf: ReadonlyMap<BodyId, number>
  /** How many there are when none is hidden. */
  readonly all: number
}

interface ColumnsInput {
  readonly bodies: readonly Body[]
  readonly today: PlainDate
  readonly myBody: string
  readonly totals: Totals
  readonly hideEmpty: boolean
  readonly language: Language
}

/** The living bodies, and ended ones only while they hold a role; by kind, in protocol order within it. */
export function columnsOf({ bodies, today, myBody, totals, hideEmpty, language }: ColumnsInput): Columns {
  const holdsRole = (body: Body): boolean => totals.byBody.has(body.id)
  const possible = bodies.filter((body) => existsOn(body, today) || holdsRole(body))
  const shown = hideEmpty ? possible.filter((body) => holdsRole(body) || body.id === myBody) : possible
  const list: Column[] = []
  const blocks: KindBlock[] = []
  for (const kind of COLUMN_KINDS) {
    const own = shown.filter((body) => columnKind(body) === kind)
    if (own.length > 0) blocks.push({ kind, from: list.length, count: own.length })
    for (const [index, body] of own.entries()) {
      list.push({
        id: body.id,
        kind,
        name: shortName(body, language),
        fullName: fullName(body, language),
        mine: body.id === myBody,
        ended: !existsOn(body, today),
        lastOfKind: index === own.length - 1,
      })
    }
  }
  return { list, blocks, indexOf: new Map(list.map((column, index) => [column.id, index])), all: possible.length }
}
