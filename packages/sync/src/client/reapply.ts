import * as Y from 'yjs'
import { pathKey, pathOf } from '@dongbo/model/containerPath.ts'
import type { DocumentChange, NewValue, Path } from '@dongbo/model/documentChange.ts'
import { answeredPlaces } from '@dongbo/model/matrix/proposals/answeredPlaces.ts'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { valueAt } from '@dongbo/model/matrix/valueAt.ts'
import { pathsOf, placesOf, type OwnEdit } from './ownEdits.ts'
import { writtenBy } from './placeable.ts'

/** May this person make this change to this matrix now? Null: yes; else the code of the denial. */
export type MayChange = (matrix: MatrixDocument, change: DocumentChange) => string | null

/** Edits with the copy in which they were made. */
export interface EditsOfCopy {
  readonly matrix: MatrixDocument
  readonly edits: readonly OwnEdit[]
}

/** Edits that the server did not take. */
export interface SetAside extends EditsOfCopy {
  /** The code of the refusal. */
  readonly code: string
  /** Where the server has just said no: never tried again by itself, whatever this side thinks of the rights. */
  readonly blocked: readonly Path[]
}

/** A place where what this person wrote was not taken. */
export interface NotTaken {
  readonly path: Path
  /** What he wrote, as people read it; null: he took away what stood there. */
  readonly mine: unknown
  readonly code: string
}

/** The one refusal that is about the copy and not about what was written (`sync/gate`). */
export const CLIENT_ID_TAKEN = 'client-id-taken'

export interface Settlement {
  /** The allowed part as new edits, to be applied to the fresh copy in this order. */
  readonly again: EditsOfCopy
  readonly notTaken: readonly NotTaken[]
}

/**
 * What becomes of edits that were set aside, now that a fresh copy has arrived: what this person may still write is written
 * again as new edits, each place by itself; the rest is his to look at. `fresh` is not changed.
 *
 * @param clientId the id under which the new edits are written; nobody may write under it meanwhile
 */
export function settle(
  fresh: MatrixDocument,
  asides: readonly SetAside[],
  may: MayChange,
  clientId: number,
): Settlement {
  const scratch = replicaOf(fresh)
  scratch.doc.clientID = clientId
  const written: OwnEdit[] = []
  scratch.doc.on('update', (update: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
    written.push({ update, paths: pathsOf(transaction) })
  })
  const notTaken: NotTaken[] = []
  for (const aside of asides) {
    // Of what another copy has written under the same clocks, only the end would be new here, without its beginning.
    if (isContested(fresh, aside)) {
      for (const lost of offerAll(aside.matrix, aside.edits, aside.code)) {
        if (!isSame(lost.mine, valueAt(fresh, lost.path))) notTaken.push(lost)
      }
      continue
    }
    const blocked = new Set([...aside.blocked, ...answeredPlaces(fresh, placesOf(aside.edits))].map(pathKey))
    const seen = new Set<string>()
    for (const own of ownChanges(scratch, aside.edits)) {
      const { path } = own.change
      seen.add(pathKey(path))
      const because = blocked.has(pathKey(path)) ? aside.code : may(scratch, own.change)
      if (because === null) own.apply(scratch)
      else notTaken.push({ path, mine: own.mine, code: because })
    }
    for (const path of placesOf(aside.edits)) {
      if (seen.has(pathKey(path))) continue
      // Overwritten by somebody else meanwhile, or gone with its row: there is nothing to write again, and still it was typed.
      const mine = valueAt(aside.matrix, path)
      if (mine !== null && !isSame(mine, valueAt(fresh, path))) notTaken.push({ path, mine, code: aside.code })
    }
  }
  return { again: { matrix: scratch, edits: written }, notTaken }
}

/** Whether another copy has written under clocks of these edits. */
function isContested(fresh: MatrixDocument, { code, edits }: SetAside): boolean {
  if (code !== CLIENT_ID_TAKEN) return false
  return edits.some(({ update }) =>
    [...Y.parseUpdateMeta(update).from].some(([client, clock]) => Y.getState(fresh.doc.store, client) > clock),
  )
}

/** The same for a copy whose structs mean nothing here, be it of another history: everything that differs is offered. */
export function offerAll(kept: MatrixDocument, edits: readonly OwnEdit[], code: string): readonly NotTaken[] {
  return placesOf(edits).map((path) => {
    const isShown = mapAt(kept, path.slice(0, -1)) !== null
    return { path, mine: isShown ? valueAt(kept, path) : lastWritten(edits, path), code }
  })
}

/** For a copy that does not have the place: the last thing that was written there, as far as the edit alone tells. */
function lastWritten(edits: readonly OwnEdit[], path: Path): unknown {
  const last = edits.findLast(({ paths }) => paths.some((one) => pathKey(one) === pathKey(path)))
  return last === undefined ? null : writtenBy(last.update)
}

/**
 * Where a refusal says no: the refused message's places at or within the path that it names, or all of them when it names
 * none of them.
 *
 * @param lot the edits that the refused message is known to have carried
 * @param after those behind it, asked when it is not known which it carried
 */
export function blockedPlaces(lot: readonly OwnEdit[], after: readonly OwnEdit[], path: Path): readonly Path[] {
  const places = placesOf(lot.length > 0 ? lot : after)
  const named = places.filter((place) => {
    const shared = Math.min(place.length, path.length)
    return path.length > 0 && isSame(place.slice(0, shared), path.slice(0, shared))
  })
  return named.length > 0 ? named : places
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

interface OwnChange {
  readonly change: DocumentChange
  readonly mine: unknown
  apply(target: MatrixDocument): void
}

/** What these edits do to this state of the document, in the order in which it can be done again. */
function ownChanges(now: MatrixDocument, edits: readonly OwnEdit[]): readonly OwnChange[] {
  const merged = replicaOf(now)
  const found: OwnChange[] = []
  const hear = (events: readonly Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    for (const event of events) found.push(...changesOf(event))
  }
  const roots = [...merged.doc.share.values()]
  for (const root of roots) root.observeDeep(hear)
  merged.doc.transact(() => {
    for (const { update } of edits) Y.applyUpdate(merged.doc, update)
  })
  // A row before what hangs on it, and away after it.
  const rank = ({ change }: OwnChange): number => {
    if (change.kind === 'put' && change.value.type === 'map') return 0
    return change.kind === 'erase' ? 2 : 1
  }
  return found.toSorted((one, other) => rank(one) - rank(other))
}

function changesOf(event: Y.YEvent<Y.AbstractType<unknown>>): OwnChange[] {
  const { target } = event
  const at = pathOf(target)
  if (target instanceof Y.Text) return [typed(at, target, event.delta as readonly TextDelta[])]
  if (!(target instanceof Y.Map)) return []
  return [...event.changes.keys].map(([key, { action }]): OwnChange => {
    const path = [...at, key]
    if (action === 'delete') {
      return { change: { kind: 'erase', path }, mine: null, apply: (matrix) => mapAt(matrix, at)?.delete(key) }
    }
    const value: unknown = target.get(key)
    return {
      change: { kind: 'put', path, value: newValue(value) },
      mine: value instanceof Y.AbstractType ? value.toJSON() : value,
      apply: (matrix) => mapAt(matrix, at)?.set(key, value instanceof Y.AbstractType ? value.clone() : value),
    }
  })
}

interface TextDelta {
  readonly insert?: string
  readonly retain?: number
  readonly delete?: number
}

function typed(path: Path, text: Y.Text, delta: readonly TextDelta[]): OwnChange {
  const inserted = delta.map(({ insert }) => insert ?? '').join('')
  return {
    change: { kind: 'type', path, inserted },
    mine: text.toString(),
    apply(matrix) {
      const here = mapAt(matrix, path.slice(0, -1))?.get(path.at(-1) ?? '')
      if (here instanceof Y.Text) here.applyDelta([...delta])
    },
  }
}

function newValue(value: unknown): NewValue {
  if (value instanceof Y.Text) return { type: 'text', text: value.toString() }
  if (value instanceof Y.Map) {
    return { type: 'map', entries: new Map([...value.entries()].map(([key, entry]) => [key, newValue(entry)])) }
  }
  return value instanceof Y.AbstractType ? { type: 'alien' } : { type: 'plain', value }
}

function mapAt({ doc }: MatrixDocument, [root = '', ...keys]: Path): Y.Map<unknown> | null {
  let found: unknown = doc.getMap(root)
  for (const key of keys) found = found instanceof Y.Map ? found.get(key) : null
  return found instanceof Y.Map ? found : null
}

function replicaOf(matrix: MatrixDocument): MatrixDocument {
  const copy = openMatrix(new Y.Doc())
  Y.applyUpdate(copy.doc, Y.encodeStateAsUpdate(matrix.doc))
  return copy
}
