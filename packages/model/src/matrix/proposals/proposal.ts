import { parseBodyId, parsePersonId, type BodyId, type PersonId, type ProposalId } from '../../ids.ts'
import { parsePlainDate, type PlainDate } from '../../plainDate.ts'
import { couldStand, fits, proposalPlace, type ProposalPlace } from './place.ts'

/**
 * A change that somebody asks for. What was asked never changes; what became of it is one value under one key, so that
 * two decisions at once never mix. Between replicas Yjs keeps one of the two, the same everywhere; behind the server
 * the one that reaches it first stands, for a decided proposal is not decided again.
 */
export interface Proposal {
  readonly id: ProposalId
  readonly place: ProposalPlace
  /** What should stand there: a text as a whole, a value, the roles of a cell. */
  readonly value: unknown
  /** What stood there when it was proposed. */
  readonly was: unknown
  /** Why, in the author's words; may be empty. */
  readonly reason: string
  readonly author: PersonId
  readonly authorBody: BodyId
  readonly on: PlainDate
  /** Null while it is open. */
  readonly decision: ProposalDecision | null
}

export interface ProposalDecision {
  readonly state: 'accepted' | 'declined' | 'withdrawn'
  readonly by: PersonId
  readonly body: BodyId
  readonly on: PlainDate
  /** What the decider says to the author; a decline always says why. */
  readonly word: string
}

/** Longest reason or word, in UTF-16 units: a short paragraph. */
export const WORD_LIMIT_UNITS = 500

/** The fields of a proposal as stored; `path` is where, as a list. */
export const PROPOSAL_FIELDS = ['path', 'value', 'was', 'reason', 'author', 'authorBody', 'on', 'decision'] as const
type StoredField = (typeof PROPOSAL_FIELDS)[number]

/** The proposal that these stored fields are, or null when they are none. */
export function parseProposal(id: ProposalId, stored: (field: StoredField) => unknown): Proposal | null {
  const path: unknown = stored('path')
  const place =
    Array.isArray(path) && path.every((key): key is string => typeof key === 'string') ? proposalPlace(path) : null
  const [value, was] = [stored('value'), stored('was')]
  const reason = word(stored('reason'))
  const who = actor(stored('author'), stored('authorBody'), stored('on'))
  const decision = parseDecision(stored('decision'))
  if (place === null || reason === null || who === null || decision === undefined) return null
  if (!fits(place, value) || !couldStand(place, was) || sameValue(value, was)) return null
  return { id, place, value, was, reason, author: who.by, authorBody: who.body, on: who.on, decision }
}

/** A stored decision; null is none yet, undefined is something else than a decision. */
export function parseDecision(stored: unknown): ProposalDecision | null | undefined {
  if (stored === null) return null
  if (typeof stored !== 'object' || stored === undefined || Object.keys(stored).length !== 5) return undefined
  const { state, by, body, on, word: said } = stored as Readonly<Record<string, unknown>>
  if (state !== 'accepted' && state !== 'declined' && state !== 'withdrawn') return undefined
  const who = actor(by, body, on)
  const words = word(said)
  if (who === null || words === null || (state === 'declined' && words.trim() === '')) return undefined
  return { state, ...who, word: words }
}

/** Whether two plain values are the same: what is proposed is a scalar or a list of words. */
export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function actor(by: unknown, body: unknown, on: unknown): Pick<ProposalDecision, 'by' | 'body' | 'on'> | null {
  if (typeof by !== 'string' || typeof body !== 'string' || typeof on !== 'string') return null
  const [person, itsBody, date] = [parsePersonId(by), parseBodyId(body), parsePlainDate(on)]
  return person.ok && itsBody.ok && date !== null ? { by: person.value, body: itsBody.value, on: date } : null
}

function word(stored: unknown): string | null {
  if (typeof stored !== 'string' || stored.length > WORD_LIMIT_UNITS) return null
  return stored.normalize('NFC') === stored ? stored : null
}
