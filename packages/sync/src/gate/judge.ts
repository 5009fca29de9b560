import * as Y from 'yjs'
import type { DocumentChange } from '@dongbo/model/documentChange.ts'
import { DOCUMENT_CLIENTS_LIMIT, PERSON_CLIENTS_LIMIT } from '@dongbo/protocol/limits.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import { err, ok, type Result } from '@dongbo/kernel/result.ts'
import { changesOf } from './changes.ts'
import type { DeleteRanges } from './deleted.ts'
import { refusal, type Refusal } from './refusal.ts'
import { resolveArrivals, type Arrival } from './resolve.ts'
import { scanUpdate } from './scan.ts'

/**
 * Decides about the changes of one document kind: are they possible there, and may this person make them? Without a
 * change: may this person leave anything at all, be it only ticks of a clock?
 */
export type Decide = (changes: readonly DocumentChange[]) => Refusal | null

export interface Verdict {
  /** What to apply: the update without what the document has already. */
  readonly update: Uint8Array
  readonly changes: readonly DocumentChange[]
  /** Client ids that nobody had used in this document so far: they now belong to the author. */
  readonly newClients: readonly number[]
}

/**
 * The gate: may these bytes be applied to this document for this person? Nothing is changed here. The stages, in this
 * order, each with its own refusal: counts and form of the bytes, decoding, whose client ids, where each struct lands,
 * what that means and whether this person may.
 *
 * @param owners which person each client id of the document belongs to
 * @returns the verdict to apply with `integrate`, or the first refusal; `gap` asks for what is missing
 */
export function judge(
  doc: Y.Doc,
  update: Uint8Array,
  author: PersonId,
  owners: ReadonlyMap<number, PersonId>,
  decide: Decide,
): Result<Verdict, Refusal> {
  const fault = scanUpdate(update)
  if (fault !== null) return err(refusal(fault))
  const decoded = decodeNews(doc, update)
  if (decoded === null) return err(refusal('malformed'))
  const arrivals = resolveArrivals(doc, decoded.structs)
  if (!arrivals.ok) return err(refusal(arrivals.error))
  const owned = checkOwners(arrivals.value, author, owners)
  if (!owned.ok) return err(refusal(owned.error))
  if (reachesBeyond(doc, arrivals.value, decoded.deletes)) return err(refusal('gap'))
  const changes = changesOf(doc, arrivals.value, decoded.deletes)
  if (changes === null) return err(refusal('unresolvable'))
  // What everybody has already is nothing new, from whomever.
  if (changes.length === 0 && arrivals.value.size === 0) return ok({ update: decoded.update, changes, newClients: [] })
  const denied = decide(changes)
  return denied === null ? ok({ update: decoded.update, changes, newClients: owned.value }) : err(denied)
}

interface Decoded {
  readonly update: Uint8Array
  readonly structs: readonly (Y.Item | Y.GC | Y.Skip)[]
  readonly deletes: DeleteRanges
}

/**
 * Decodes what is new in an update. What the document has already is cut off here and not left to Yjs, which follows
 * the neighbours of known structs too: they could make it wait for what never comes, or cut a letter of somebody's in
 * two without telling anybody.
 */
function decodeNews(doc: Y.Doc, update: Uint8Array): Decoded | null {
  try {
    const decoded = decode(update)
    const isKnown = decoded.structs.some(({ id }) => id.clock < Y.getState(doc.store, id.client))
    return isKnown ? decode(Y.diffUpdate(update, Y.encodeStateVector(doc))) : decoded
  } catch {
    // The scan checks form, not sense: invalid UTF-8 or JSON inside a content still makes Yjs throw.
    return null
  }
}

function decode(update: Uint8Array): Decoded {
  const { structs, ds } = Y.decodeUpdate(update)
  return { update, structs, deletes: ds.clients }
}

function checkOwners(
  arrivals: ReadonlyMap<number, readonly Arrival[]>,
  author: PersonId,
  owners: ReadonlyMap<number, PersonId>,
): Result<readonly number[], 'foreign-client-id' | 'too-many-client-ids'> {
  const fresh: number[] = []
  for (const client of arrivals.keys()) {
    const owner = owners.get(client)
    if (owner === undefined) fresh.push(client)
    else if (owner !== author) return err('foreign-client-id')
  }
  if (fresh.length === 0) return ok(fresh)
  let own = fresh.length
  for (const owner of owners.values()) if (owner === author) own++
  const tooMany = own > PERSON_CLIENTS_LIMIT || owners.size + fresh.length > DOCUMENT_CLIENTS_LIMIT
  return tooMany ? err('too-many-client-ids') : ok(fresh)
}

/** A deletion of what is not there yet would be parked by Yjs and carried out later, unjudged. */
function reachesBeyond(doc: Y.Doc, arrivals: ReadonlyMap<number, readonly Arrival[]>, deletes: DeleteRanges): boolean {
  for (const [client, ranges] of deletes) {
    const last = ranges.at(-1)
    if (last === undefined) continue
    const newest = arrivals.get(client)?.at(-1)
    const known = newest === undefined ? Y.getState(doc.store, client) : newest.clock + newest.length
    if (last.clock + last.len > known) return true
  }
  return false
}
