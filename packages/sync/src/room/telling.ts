import type { Instant } from '@dongbo/kernel/clock.ts'
import { updateMessage } from '@dongbo/protocol/messages.ts'
import { mergeEntries } from './durableContent.ts'
import type { Seq } from '../ports/updateLog.ts'
import type { Effect } from './step.ts'
import type { Member, MemberId, RoomState } from './state.ts'

/** Longest that a durable edit waits to be told together with others. People notice a tenth of a second. */
const TELLING_WINDOW_MAX_MS = 33
/**
 * What one more person adds to that wait. Writing to sockets is most of what a telling costs, so the fuller the room, the
 * more edits should go into one: with 200 people who type all the time a window of 20 ms halves the work.
 */
const TELLING_WINDOW_MS_A_PERSON = 0.1

/** How long after the last telling the next one is due: an edit in a quiet room is told at once. */
export function tellingWindowMs(people: number): number {
  return Math.min(TELLING_WINDOW_MAX_MS, people * TELLING_WINDOW_MS_A_PERSON)
}

/** Beyond so many authors in one telling, each gets the common bytes, its own edits included: merging apart costs more. */
const APART_AUTHORS_LIMIT = 4

/**
 * Tells everybody what became durable since the last telling: one shared message for all who stand at the same place,
 * nothing to those who do not read.
 */
export function tell(state: RoomState, now: Instant, isSlow: (member: MemberId) => boolean): readonly Effect[] {
  const news = state.content.after(state.told)
  if (news.length === 0) return []
  state.told = state.content.upTo
  state.lastTellingAt = now
  const authors = new Set(news.map((entry) => entry.author))
  const shared = new Map<Seq, Uint8Array>()
  const effects: Effect[] = []
  let bytes = 0
  let sockets = 0
  for (const member of state.members.values()) {
    if (member.cursor === null || member.cursor >= state.told || member.slow) continue
    if (isSlow(member.id)) {
      member.slow = true
      effects.push({ do: 'await-drain' })
      continue
    }
    const apart = authors.has(member.id) && authors.size <= APART_AUTHORS_LIMIT
    const message = apart ? sliceFor(state, member) : sharedFrom(state, member.cursor, shared)
    member.cursor = state.told
    if (message === null) continue
    effects.push({ do: 'send', to: member.id, message })
    bytes += message.length
    sockets++
  }
  if (sockets > 0) effects.push({ do: 'note-telling', bytes, sockets })
  return effects
}

function sharedFrom(state: RoomState, cursor: Seq, made: Map<Seq, Uint8Array>): Uint8Array {
  const known = made.get(cursor)
  if (known !== undefined) return known
  const message = updateMessage(mergeEntries(state.content.after(cursor)))
  made.set(cursor, message)
  return message
}

/** A slow reader has drained: one merged message from where it stopped, or the base when that is gone. */
export function catchUp(state: RoomState, id: MemberId): readonly Effect[] {
  const member = state.members.get(id)
  if (member === undefined || !member.slow || member.cursor === null) return []
  member.slow = false
  const effects: Effect[] = []
  const { content } = state
  if (member.cursor < content.baseSeq) effects.push({ do: 'send', to: id, message: content.baseMessage() })
  const slice = sliceFor(state, member)
  if (slice !== null) effects.push({ do: 'send', to: id, message: slice })
  member.cursor = state.told
  return effects
}

/** What others wrote behind a member's cursor, or null. Its own edits are not told back to it: it gets `saved`. */
function sliceFor(state: RoomState, member: Member): Uint8Array | null {
  const cursor = member.cursor
  if (cursor === null) return null
  const entries = state.content.after(cursor).filter((entry) => entry.seq <= state.told && entry.author !== member.id)
  return entries.length === 0 ? null : updateMessage(mergeEntries(entries))
}
