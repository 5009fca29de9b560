import type { Instant } from '@dongbo/kernel/clock.ts'
import { unreachable } from '@dongbo/kernel/assert.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import {
  refusedMessage,
  savedMessage,
  syncStep1Message,
  syncStep2Message,
  updateMessage,
} from '@dongbo/protocol/messages.ts'
import type { Refusal } from '../gate/refusal.ts'
import type { Seq } from '../ports/updateLog.ts'
import { applied, nextSeq, type Member, type MemberId, type RoomState } from './state.ts'
import { catchUp, mergeEntries, tell, TELLING_WINDOW_MAX_MS } from './telling.ts'

export type Input =
  | {
      readonly kind: 'joined'
      readonly member: MemberId
      readonly speaksDongbo: boolean
      readonly stateVector: Uint8Array
    }
  | { readonly kind: 'left'; readonly member: MemberId }
  /** `missing` is what the live document has beyond the asked state, when that is cheap to tell and all of it durable. */
  | { readonly kind: 'asked'; readonly member: MemberId; readonly fresh: boolean; readonly missing: Uint8Array | null }
  /** An update passed the gate and is in the live document; null when it changed nothing. */
  | {
      readonly kind: 'accepted'
      readonly member: MemberId
      readonly emitted: Uint8Array | null
      readonly reply: boolean
    }
  | { readonly kind: 'gap'; readonly member: MemberId; readonly stateVector: Uint8Array }
  | { readonly kind: 'refused'; readonly member: MemberId; readonly refusal: Refusal }
  | { readonly kind: 'committed'; readonly upTo: Seq; readonly now: Instant }
  | { readonly kind: 'window-over'; readonly now: Instant }
  | { readonly kind: 'drained'; readonly member: MemberId }
  | { readonly kind: 'folded'; readonly base: Uint8Array }

export type Effect =
  | { readonly do: 'send'; readonly to: MemberId; readonly message: Uint8Array }
  | { readonly do: 'close'; readonly member: MemberId; readonly reason: CloseReason }
  /** Ask again (`window-over`) after this long. */
  | { readonly do: 'wait'; readonly ms: number }

/**
 * The room's only mover. Deterministic: no clock, no socket, no promise in here; `isSlow` asks the socket's queue.
 * It changes `state` in place (a copy of five hundred members a keystroke would cost more than everything else).
 */
export function step(state: RoomState, input: Input, isSlow: (member: MemberId) => boolean): readonly Effect[] {
  switch (input.kind) {
    case 'joined':
      return joined(state, input)
    case 'left':
      state.members.delete(input.member)
      return []
    case 'asked':
      return asked(state, input)
    case 'accepted':
      return accepted(state, input)
    case 'gap':
      return gap(state, input)
    case 'refused':
      return refused(state, input)
    case 'committed':
      return committed(state, input, isSlow)
    case 'window-over':
      state.tellingScheduled = false
      return tell(state, input.now, isSlow)
    case 'drained':
      return catchUp(state, input.member)
    case 'folded':
      return folded(state, input.base)
    default:
      return unreachable(input)
  }
}

function joined(state: RoomState, input: Input & { kind: 'joined' }): readonly Effect[] {
  state.members.set(input.member, {
    id: input.member,
    speaksDongbo: input.speaksDongbo,
    cursor: null,
    received: 0,
    awaiting: [],
    gap: false,
    refused: false,
    slow: false,
  })
  return [{ do: 'send', to: input.member, message: syncStep1Message(input.stateVector) }]
}

function asked(state: RoomState, input: Input & { kind: 'asked' }): readonly Effect[] {
  const member = state.members.get(input.member)
  if (member === undefined) return []
  member.cursor = state.committed
  if (!input.fresh && input.missing !== null) {
    return [{ do: 'send', to: member.id, message: syncStep2Message(input.missing) }]
  }
  // The base is the same bytes for everybody; what came since closes the answer, so "synced" means all of it.
  const answer = (message: Uint8Array): Effect => ({ do: 'send', to: member.id, message })
  if (state.tail.length === 0) return [answer(syncStep2Message(state.base))]
  return [answer(updateMessage(state.base)), answer(syncStep2Message(mergeEntries(state.tail)))]
}

function accepted(state: RoomState, input: Input & { kind: 'accepted' }): readonly Effect[] {
  const member = state.members.get(input.member)
  if (input.emitted !== null) {
    state.inFlight.push({ seq: nextSeq(state), update: input.emitted, author: input.member })
  }
  if (member === undefined) return []
  member.received++
  if (input.reply) member.gap = false
  // With a gap open, an acknowledgement would claim messages that we do not have.
  if (member.gap) return []
  member.awaiting.push({ count: member.received, upTo: applied(state) })
  return input.emitted === null ? acknowledge(state, member, state.lastTellingAt) : []
}

function gap(state: RoomState, input: Input & { kind: 'gap' }): readonly Effect[] {
  const member = state.members.get(input.member)
  if (member === undefined) return []
  member.received++
  if (member.gap) return []
  member.gap = true
  return [{ do: 'send', to: member.id, message: syncStep1Message(input.stateVector) }]
}

function refused(state: RoomState, input: Input & { kind: 'refused' }): readonly Effect[] {
  const member = state.members.get(input.member)
  if (member === undefined) return []
  member.received++
  member.refused = true
  const { code, path } = input.refusal
  if (code === 'malformed' || code === 'too-many-parts')
    return [{ do: 'close', member: member.id, reason: 'bad-frame' }]
  if (code === 'document-too-large') return [{ do: 'close', member: member.id, reason: 'too-large' }]
  if (!member.speaksDongbo) return [{ do: 'close', member: member.id, reason: 'write-refused' }]
  return [{ do: 'send', to: member.id, message: refusedMessage({ count: member.received, code, path }) }]
}

function committed(
  state: RoomState,
  input: Input & { kind: 'committed' },
  isSlow: (member: MemberId) => boolean,
): readonly Effect[] {
  const durable = state.inFlight.filter((entry) => entry.seq <= input.upTo)
  state.inFlight = state.inFlight.filter((entry) => entry.seq > input.upTo)
  state.committed = input.upTo
  state.tail.push(...durable)
  for (const entry of durable) state.tailBytes += entry.update.length
  const effects: Effect[] = []
  for (const member of state.members.values()) effects.push(...acknowledge(state, member, input.now))
  if (state.tellingScheduled) return effects
  const window = Math.min(TELLING_WINDOW_MAX_MS, state.members.size * 0.03)
  const wait = state.lastTellingAt + window - input.now
  if (wait <= 0) return [...effects, ...tell(state, input.now, isSlow)]
  state.tellingScheduled = true
  return [...effects, { do: 'wait', ms: wait }]
}

/** Tells a member how many of its messages are durable, once for all that became so. */
function acknowledge(state: RoomState, member: Member, at: Instant): readonly Effect[] {
  let count = 0
  for (let next = member.awaiting[0]; next !== undefined && next.upTo <= state.committed; next = member.awaiting[0]) {
    count = next.count
    member.awaiting.shift()
  }
  if (count === 0 || !member.speaksDongbo) return []
  return [{ do: 'send', to: member.id, message: savedMessage({ count, at }) }]
}

/** The tail became part of the base: everybody has been told of it, but for slow readers, who get the base. */
function folded(state: RoomState, base: Uint8Array): readonly Effect[] {
  state.base = base
  state.baseSeq = state.committed
  state.tail = []
  state.tailBytes = 0
  return []
}
