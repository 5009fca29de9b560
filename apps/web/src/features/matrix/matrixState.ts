import type { BodyId, GroupId, TaskId } from '@dongbo/model/ids.ts'
import { create } from 'zustand'
import type { FieldColumn } from './grid/metrics.ts'

/** A column as people point at it: a frozen field or a body. */
export type ColumnId = FieldColumn | BodyId

/** The one current cell, by ids: rows that others add or move do not shift it. */
export interface Place {
  readonly line: TaskId | GroupId
  readonly column: ColumnId
}

interface MatrixState {
  readonly place: Place | null
  /** Whether the person went there himself: where the page has put him is nothing to show to others. */
  readonly isChosen: boolean
  /** The editor over a cell: the role picker, or the editor of a field. */
  readonly open: Place | null
  /** Why a cell just tried cannot be written; shown beside it until the place changes. */
  readonly told: { readonly place: Place; readonly sentence: string } | null
  readonly folded: ReadonlySet<GroupId>
  readonly hideEmpty: boolean
  /** Asked to come into view, with or without the focus; the sheet scrolls there and forgets it. */
  readonly wanted: { readonly place: Place; readonly focus: boolean } | null
}

const START: MatrixState = {
  place: null,
  isChosen: false,
  open: null,
  told: null,
  folded: new Set(),
  hideEmpty: false,
  wanted: null,
}

/** What this screen shows of the matrix; nothing in it is shared or kept. */
export const useMatrixState = create<MatrixState>(() => START)

export function resetMatrixState(): void {
  useMatrixState.setState(START)
}

/** Makes a cell the current one, brings it into view and gives it the focus. */
export function goTo(place: Place): void {
  useMatrixState.setState({ place, isChosen: true, open: null, told: null, wanted: { place, focus: true } })
}

/** As `goTo`, but leaves the focus where it is: for the drawer's own buttons. */
export function show(place: Place): void {
  useMatrixState.setState({ place, isChosen: true, open: null, told: null, wanted: { place, focus: false } })
}

/** Puts somebody who has just come in at a first cell. */
export function enterAt(place: Place, focus: boolean): void {
  useMatrixState.setState({ place, isChosen: false, wanted: { place, focus } })
}

export function openAt(place: Place): void {
  useMatrixState.setState({ place, open: place, told: null })
}

/** Takes away whatever floats at a cell. */
export function closeEditor(): void {
  useMatrixState.setState({ open: null, told: null })
}

/** Says at a cell why it cannot be written. */
export function tell(place: Place, sentence: string): void {
  useMatrixState.setState({ place, open: null, told: { place, sentence } })
}

export function toggleFold(group: GroupId): void {
  useMatrixState.setState(({ folded }) => {
    const next = new Set(folded)
    if (!next.delete(group)) next.add(group)
    return { folded: next }
  })
}

export function unfold(group: GroupId): void {
  useMatrixState.setState(({ folded }) => ({ folded: new Set([...folded].filter((one) => one !== group)) }))
}

export function samePlace(a: Place | null, b: Place | null): boolean {
  return a?.line === b?.line && a?.column === b?.column
}
