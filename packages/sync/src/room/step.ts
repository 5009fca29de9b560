import type { Instant } from '@dongbo/kernel/clock.ts'
import { unreachable } from '@dongbo/kernel/assert.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import {
  refusedMessage,
  savedMessage,
  syncStep1Message,
  welcomeMessage,
  type Welcome,
} from '@dongbo/protocol/messages.ts'
import type { Refusal } from '../gate/refusal.ts'
import type { Seq } from '../ports/updateLog.ts'
import type { TailEntry } from './durableContent.ts'
import type { Member, MemberId, RoomState } from './state.ts'
import { catchUp, tell, tellingWindowMs } from './telling.ts'

export type Input =
  /** `welcome` is for a client that speaks our subprotocol. What it has under a doubted client id it must show whole. */
  | {
      readonly kind: 'joined'
      readonly member: MemberId
      readonly welcome: Welcome | null
      readonly doubtedId: number | null
    }
  | { readonly kind: 'left'; readonly member: MemberId }
  /** `answer` is everything durable that the member may lack. */
  | { readonly kind: 'asked'; readonly member: MemberId; readonly answer: readonly Uint8Array[] }
  /** A document message has come and is being judged. */
  | { readonly kind: 'received'; readonly member: MemberId }
  /** It may be in, and is durable with entry `upTo`. Said again, with another position, when a race was lost. */
  | {
      readonly kind: 'placed'
      readonly member: MemberId
      readonly count: number
      readonly reply: boolean
      readonly upTo: Seq
      readonly now: Instant
    }
  /** Another wrote at its position: it is judged anew. */
  | { readonly kind: 'contested'; readonly member: MemberId; readonly count: number }
  | { readonly kind: 'gap'; readonly member: MemberId; readonly count: number; readonly stateVector: Uint8Array }
  | { readonly kind: 'refused'; readonly member: MemberId; readonly count: number; readonly refusal: Refusal }
  | { readonly kind: 'released'; readonly member: MemberId }
  | { readonly kind: 'committed'; readonly entries: readonly TailEntry[]; readonly now: Instant }
  | { readonly kind: 'window-over'; readonly now: Instant }
  | { readonly kind: 'drained'; readonly member: MemberId }
  | { readonly kind: 'folded'; readonly base: Uint8Array }

export type Effect =
  | { readonly do: 'send'; readonly to: MemberId; readonly message: Uint8Array }
  | { readonly do: 'close'; readonly member: MemberId; readonly reason: CloseReason }
  /** Ask again (`window-over`) after this long. */
  | { readonly do: 'wait'; readonly ms: number }
  /** What became durable was told: for who measures. */
  | { readonly do: 'note-telling'; readonly bytes: number; readonly sockets: number }
  /** Say when a slow member has drained. */
  | { readonly do: 'await-drain' }
  /** The member's client id may be leased to another tab. */
  | { readonly do: 'free-client-id'; readonly member: MemberId }

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
    case 'received':
      return received(state, input)
    case 'placed':
      return placed(state, input)
    case 'contested':
      return contested(state, input)
    case 'gap':
      return gap(state, input)
    case 'refused':
      return refused(state, input)
    case 'released':
      return released(state, input)
    case 'committed':
      return committed(state, input, isSlow)
    case 'window-over':
      state.tellingScheduled = false
      return tell(state, input.now, isSlow)
    case 'drained':
      return catchUp(state, input.member)
    case 'folded':
      // Everybody has been told of the tail, but for slow readers, who get the base.
      state.content.fold(input.base)
      return []
    default:
      return unreachable(input)
  }
}

function joined(state: RoomState, { member, welcome, doubtedId }: Input & { kind: 'joined' }): readonly Effect[] {
  state.members.set(member, {
    id: member,
    speaksDongbo: welcome !== null,
    cursor: null,
    received: 0,
    awaiting: [],
    gap: false,
    refused: false,
    released: false,
    slow: false,
  })
  const vector = doubtedId === null ? state.content.stateVector() : state.content.stateVectorWithout(doubtedId)
  const question: Effect = { do: 'send', to: member, message: syncStep1Message(vector) }
  return welcome === null ? [question] : [{ do: 'send', to: member, message: welcomeMessage(welcome) }, question]
}

function asked(state: RoomState, input: Input & { kind: 'asked' }): readonly Effect[] {
  const member = state.members.get(input.member)
  if (member === undefined) return []
  member.cursor = state.content.upTo
  return input.answer.map((message) => ({ do: 'send', to: member.id, message }))
}

function received(state: RoomState, input: Input & { kind: 'received' }): readonly Effect[] {
  const member = state.members.get(input.member)
  if (member === undefined) return []
  member.received++
  // Somebody else may write under its client id by now.
  if (member.released) return [{ do: 'close', member: member.id, reason: 'bad-frame' }]
  member.awaiting.push({ count: member.received, upTo: null })
  return []
}

function placed(state: RoomState, input: Input & { kind: 'placed' }): readonly Effect[] {
  const member = state.members.get(input.member)
  if (member === undefined || member.refused) return []
  if (input.reply) member.gap = false
  // With a gap open, an acknowledgement would claim messages that we do not have.
  if (member.gap) forget(member, input.count)
  const awaited = member.awaiting.find(({ count }) => count === input.count)
  if (awaited !== undefined) awaited.upTo = input.upTo
  return acknowledge(state, member, input.now)
}

function contested(state: RoomState, input: Input & { kind: 'contested' }): readonly Effect[] {
  const awaited = state.members.get(input.member)?.awaiting.find(({ count }) => count === input.count)
  if (awaited !== undefined) awaited.upTo = null
  return []
}

function gap(state: RoomState, input: Input & { kind: 'gap' }): readonly Effect[] {
  const member = state.members.get(input.member)
  if (member === undefined || member.refused) return []
  forget(member, input.count)
  if (member.gap) return []
  member.gap = true
  return [{ do: 'send', to: member.id, message: syncStep1Message(input.stateVector) }]
}

function refused(state: RoomState, input: Input & { kind: 'refused' }): readonly Effect[] {
  const member = state.members.get(input.member)
  if (member === undefined || member.refused) return []
  member.refused = true
  // What it sent behind the refused message is not taken either, so it must never be acknowledged.
  while ((member.awaiting.at(-1)?.count ?? 0) >= input.count) member.awaiting.pop()
  const { code, path } = input.refusal
  if (code === 'malformed' || code === 'too-many-parts')
    return [{ do: 'close', member: member.id, reason: 'bad-frame' }]
  if (code === 'document-too-large') return [{ do: 'close', member: member.id, reason: 'too-large' }]
  if (!member.speaksDongbo) return [{ do: 'close', member: member.id, reason: 'write-refused' }]
  return [{ do: 'send', to: member.id, message: refusedMessage({ count: input.count, code, path }) }]
}

/** A client says so only when everything it wrote is durable; one that says it too early keeps its id. */
function released(state: RoomState, input: Input & { kind: 'released' }): readonly Effect[] {
  const member = state.members.get(input.member)
  if (member === undefined || member.released) return []
  if (member.awaiting.length > 0 || member.gap || member.refused) return []
  member.released = true
  return [{ do: 'free-client-id', member: member.id }]
}

function committed(
  state: RoomState,
  input: Input & { kind: 'committed' },
  isSlow: (member: MemberId) => boolean,
): readonly Effect[] {
  state.content.append(input.entries)
  const effects: Effect[] = []
  for (const member of state.members.values()) {
    // Of hundreds who read, a few wait for an acknowledgement.
    if (member.awaiting.length > 0) effects.push(...acknowledge(state, member, input.now))
  }
  if (state.tellingScheduled) return effects
  const window = tellingWindowMs(state.members.size)
  // Never longer than the window, also when the clock was set back meanwhile.
  const wait = Math.min(window, state.lastTellingAt + window - input.now)
  if (wait <= 0) return [...effects, ...tell(state, input.now, isSlow)]
  state.tellingScheduled = true
  return [...effects, { do: 'wait', ms: wait }]
}

/** Tells a member how many of its messages are durable, once for all that became so. */
function acknowledge(state: RoomState, member: Member, at: Instant): readonly Effect[] {
  let count = 0
  const { upTo } = state.content
  for (let next = member.awaiting[0]; next !== undefined; next = member.awaiting[0]) {
    if (next.upTo === null || next.upTo > upTo) break
    count = next.count
    member.awaiting.shift()
  }
  if (count === 0 || !member.speaksDongbo) return []
  return [{ do: 'send', to: member.id, message: savedMessage({ count, at }) }]
}

function forget(member: Member, count: number): void {
  const index = member.awaiting.findIndex((awaited) => awaited.count === count)
  if (index >= 0) member.awaiting.splice(index, 1)
}
