import * as Y from 'yjs'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { History, HistoryEntry } from '../ports/history.ts'
import { applyStored } from './replay.ts'

export type Compaction =
  | { readonly as: 'compacted'; readonly entries: number; readonly into: number }
  /** Too little has been written, or too few snapshots stand behind it. */
  | { readonly as: 'nothing-to-do' }
  /** What was merged, or a snapshot, does not show what the entries show: nothing was changed. */
  | { readonly as: 'differs' }
  | { readonly as: 'no-such-document' }

const MINUTE_MS = 60_000

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
  const [before, after, kept] = [load([...compact, ...old]), load([...compact, ...merged]), load([behind])]
  if (!showsTheSame(before, after) || !showsTheSame(after, kept)) return { as: 'differs' }
  await history.compact(document, merged)
  return { as: 'compacted', entries: old.length, into: merged.length }
}

function mergeByAuthorAndMinute(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const groups: HistoryEntry[][] = []
  for (const entry of entries) {
    const group = groups.at(-1)
    const first = group?.[0]
    if (group !== undefined && first !== undefined && isSameWork(first, entry)) group.push(entry)
    else groups.push([entry])
  }
  return groups.flatMap((group) => {
    const [first] = group
    const last = group.at(-1)
    if (first === undefined || last === undefined) return []
    const update = group.length === 1 ? first.update : Y.mergeUpdates(group.map((entry) => entry.update))
    return [{ ...first, to: last.to, toAt: last.toAt, update }]
  })
}

function isSameWork(one: HistoryEntry, other: HistoryEntry): boolean {
  return (
    one.personId === other.personId &&
    one.bodyId === other.bodyId &&
    Math.floor(one.fromAt / MINUTE_MS) === Math.floor(other.toAt / MINUTE_MS)
  )
}

/** @throws {UnreadableDocument} when the parts do not fit together */
function load(
  parts: readonly (
    | Pick<HistoryEntry, 'to' | 'update'>
    | { readonly upTo: HistoryEntry['to']; readonly update: Uint8Array }
  )[],
): Y.Doc {
  const doc = new Y.Doc()
  for (const part of parts) applyStored(doc, part.update, 'to' in part ? part.to : part.upTo)
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
