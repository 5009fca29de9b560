import * as Y from 'yjs'
import type { DocumentChange } from '@dongbo/model/documentChange.ts'
import { DOCUMENT_CLIENTS_LIMIT, PERSON_CLIENTS_LIMIT } from '@dongbo/protocol/limits.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import { err, ok, type Result } from '@dongbo/kernel/result.ts'
import { changesOf } from './changes.ts'
import { decodeNews, type News } from './news.ts'
import { refusal, type Refusal } from './refusal.ts'
import { resolveArrivals, type Arrival } from './resolve.ts'
import { scanUpdate } from './scan.ts'

/**
 * Decides about the changes of one document kind: are they possible there, and may this person make them? Without a
 * change: may this person leave anything at all, be it only ticks of a clock? `update` is what would be applied, for kinds
 * that have to try it on a copy.
 */
export type Decide = (changes: readonly DocumentChange[], update: Uint8Array) => Refusal | null

export interface Verdict {
  /** What to apply: the update without what the document has already. */
  readonly update: Uint8Array
  readonly changes: readonly DocumentChange[]
  /** Client ids that nobody had used in this document so far: they now belong to the author. */
  readonly newClients: readonly number[]
}

/**
 * The gate: may these bytes be applied to this document for this person? Nothing is changed here. The stages of
 * `docs/protocol.md`, in this order, each with its own refusal; the first one ends it.
 *
 * @param owners which person each client id of the document belongs to
 * @param doubtedId a client id under which another copy may have written something else than the author's, or null
 * @returns the verdict to apply with `integrate`, or the first refusal; `gap` asks for what is missing
 */
export function judge(
  doc: Y.Doc,
  update: Uint8Array,
  author: PersonId,
  owners: ReadonlyMap<number, PersonId>,
  decide: Decide,
  doubtedId: number | null = null,
): Result<Verdict, Refusal> {
  const fault = scanUpdate(update)
  if (fault !== null) return err(refusal(fault))
  const news = decodeNews(doc, update, doubtedId)
  if (!news.ok) return err(refusal(news.error))
  const newClients = checkOwners(news.value.structs, author, owners)
  if (!newClients.ok) return err(refusal(newClients.error))
  const arrivals = resolveArrivals(doc, news.value.structs)
  if (!arrivals.ok) return err(refusal(arrivals.error))
  if (reachesBeyond(doc, arrivals.value, news.value.deletes)) return err(refusal('gap'))
  const changes = changesOf(doc, arrivals.value, news.value.deletes)
  if (changes === null) return err(refusal('unresolvable'))
  const verdict: Verdict = { update: news.value.update, changes, newClients: newClients.value }
  // What everybody has already is nothing new, from whomever.
  if (changes.length === 0 && arrivals.value.size === 0) return ok(verdict)
  const denied = decide(changes, verdict.update)
  return denied === null ? ok(verdict) : err(denied)
}

/** Every new struct stands under a client id of its author's, or one that nobody has used yet. */
function checkOwners(
  structs: News['structs'],
  author: PersonId,
  owners: ReadonlyMap<number, PersonId>,
): Result<readonly number[], 'foreign-client-id' | 'too-many-client-ids'> {
  const fresh: number[] = []
  let last: number | null = null
  for (const { id } of structs) {
    // The structs of one client stand together.
    if (id.client === last) continue
    last = id.client
    const owner = owners.get(id.client)
    if (owner === undefined) fresh.push(id.client)
    else if (owner !== author) return err('foreign-client-id')
  }
  if (fresh.length === 0) return ok(fresh)
  let own = fresh.length
  for (const owner of owners.values()) if (owner === author) own++
  const tooMany = own > PERSON_CLIENTS_LIMIT || owners.size + fresh.length > DOCUMENT_CLIENTS_LIMIT
  return tooMany ? err('too-many-client-ids') : ok(fresh)
}

/** A deletion of what is not there yet would be parked by Yjs and carried out later, unjudged. */
function reachesBeyond(
  doc: Y.Doc,
  arrivals: ReadonlyMap<number, readonly Arrival[]>,
  deletes: News['deletes'],
): boolean {
  for (const [client, ranges] of deletes) {
    const last = ranges.at(-1)
    if (last === undefined) continue
    const newest = arrivals.get(client)?.at(-1)
    const known = newest === undefined ? Y.getState(doc.store, client) : newest.clock + newest.length
    if (last.clock + last.len > known) return true
  }
  return false
}
