import * as Y from 'yjs'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { History, HistoryEntry } from '../ports/history.ts'
import { seq, type Seq } from '../ports/updateLog.ts'
import { applyStored } from './replay.ts'

export type Compaction =
  | { readonly as: 'compacted'; readonly entries: number; readonly into: number }
  /** Too little has been written, or too few snapshots stand behind it. */
  | { readonly as: 'nothing-to-do' }
  /** What was merged, or a snapshot, does not show what the entries show: nothing was changed. */
  | { readonly as: 'differs' }
  | { readonly as: 'no-such-document' }

const MINUTE_MS = 60_000

const parts = (...lots: readonly (readonly HistoryEntry[])[]) =>
  lots.flat().map(({ to, update }) => ({ upTo: to, update }))

/**
 * Merges the entries before the older of the two newest snapshots by author and minute. Nothing is replaced before what
 * replaces it was loaded and compared with what it replaces, and with the snapshot that stands behind it.
 */
export async function compactHistory(history: History, document: DocumentName): Promise<Compaction> {
  const stored = await history.read(document)
  if (stored === null) return { as: 'no-such-document' }
  const { compact, entries } = stored
  const behind = stored.snapshots[1]
  if (behind === undefined) return { as: 'nothing-to-do' }
  const old = entries.filter(({ to }) => to <= behind.upTo)
  const merged = mergeByAuthorAndMinute(old)
  if (merged.length === old.length) return { as: 'nothing-to-do' }
  const [before, after, kept] = [load(parts(compact, old)), load(parts(compact, merged)), load([behind])]
  if (!showsTheSame(before, after) || !showsTheSame(after, kept)) return { as: 'differs' }
  await history.compact(document, merged)
  return { as: 'compacted', entries: old.length, into: merged.length }
}

function mergeByAuthorAndMinute(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  let next = entries[0]?.from ?? seq(1)
  return minutesOf(entries).flatMap((minute) =>
    [...Map.groupBy(minute, ({ personId }) => personId).values()].flatMap((group) => {
      const [first] = group
      const last = group.at(-1)
      if (first === undefined || last === undefined) return []
      const from = next
      const to = seq(from + group.length - 1)
      next = seq(to + 1)
      const update = group.length === 1 ? first.update : Y.mergeUpdates(group.map((entry) => entry.update))
      return [{ ...first, from, to, toAt: last.toAt, update }]
    }),
  )
}

/** Cut where the clock's minute changes, and where somebody writes for another body than a moment before. */
function minutesOf(entries: readonly HistoryEntry[]): readonly (readonly HistoryEntry[])[] {
  const minutes: HistoryEntry[][] = []
  for (const entry of entries) {
    const minute = minutes.at(-1)
    const goesOn = minute?.every((one) => minuteOf(one) === minuteOf(entry) && !hasChangedBody(one, entry))
    if (minute !== undefined && goesOn === true) minute.push(entry)
    else minutes.push([entry])
  }
  return minutes
}

const minuteOf = ({ fromAt }: HistoryEntry): number => Math.floor(fromAt / MINUTE_MS)

function hasChangedBody(one: HistoryEntry, other: HistoryEntry): boolean {
  return one.personId === other.personId && one.bodyId !== other.bodyId
}

/** @throws {UnreadableDocument} when the parts do not fit together */
function load(parts: readonly { readonly upTo: Seq; readonly update: Uint8Array }[]): Y.Doc {
  const doc = new Y.Doc()
  // What people wrote at the same time refers to each other: whether all of it is there shows at the end.
  for (const [index, { upTo, update }] of parts.entries()) applyStored(doc, update, upTo, index === parts.length - 1)
  return doc
}

/** The same structs, the same of them deleted, and the same to be read. */
function showsTheSame(one: Y.Doc, other: Y.Doc): boolean {
  if (!Y.equalSnapshots(Y.snapshot(one), Y.snapshot(other))) return false
  // A root that nobody has asked for yet does not know its kind: all of ours are maps.
  const roots = new Set([...one.share.keys(), ...other.share.keys()])
  return [...roots].every((root) => contentOf(one.getMap(root)) === contentOf(other.getMap(root)))
}

function contentOf(root: Y.Map<unknown>): string {
  return JSON.stringify(root.toJSON(), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}
