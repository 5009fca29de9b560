import { describe, expect, test } from 'vitest'
import { instant } from '@dongbo/kernel/clock.ts'
import { MESSAGE_REFUSED, MESSAGE_SAVED, MESSAGE_SYNC, SYNC_STEP_1, SYNC_STEP_2 } from '@dongbo/protocol/messages.ts'
import { seq } from '../ports/updateLog.ts'
import { refusal } from '../gate/refusal.ts'
import { openState, type RoomState } from './state.ts'
import { step, type Effect, type Input } from './step.ts'

/** The states of a socket as `docs/protocol.md` names them. */
type State = 'seated' | 'current' | 'gap' | 'refused' | 'slow'
/** What can happen to it; `others` is another's edit that has become durable. */
type Event =
  | 'asks'
  | 'update'
  | 'nothing new'
  | 'answer'
  | 'gap'
  | 'bad write'
  | 'bad bytes'
  | 'commit'
  | 'others'
  | 'drains'
  | 'leaves'

const ME = 1
const OTHER = 2
const UPDATE = Uint8Array.of(0, 0)
const NOW = instant(1_000_000)

/** What this socket hears, in order. A new state or a new event does not compile until it is described for all others. */
const TABLE: Readonly<Record<State, Readonly<Record<Event, readonly string[]>>>> = {
  seated: {
    asks: ['answer'],
    update: [],
    'nothing new': ['saved 1'],
    answer: [],
    gap: ['asks'],
    'bad write': ['refused 1'],
    'bad bytes': ['close bad-frame'],
    commit: [],
    others: [],
    drains: [],
    leaves: [],
  },
  current: {
    asks: ['answer'],
    update: [],
    'nothing new': ['saved 1'],
    answer: [],
    gap: ['asks'],
    'bad write': ['refused 1'],
    'bad bytes': ['close bad-frame'],
    commit: [],
    others: ['update'],
    drains: [],
    leaves: [],
  },
  gap: {
    asks: ['answer'],
    update: [],
    // An acknowledgement now would claim the message that is missing.
    'nothing new': [],
    answer: [],
    gap: [],
    'bad write': ['refused 2'],
    'bad bytes': ['close bad-frame'],
    commit: [],
    others: ['update'],
    drains: [],
    leaves: [],
  },
  // The runner takes no more document messages from it; `step` need not know.
  refused: {
    asks: ['answer'],
    update: [],
    'nothing new': ['saved 2'],
    answer: [],
    gap: ['asks'],
    'bad write': ['refused 2'],
    'bad bytes': ['close bad-frame'],
    commit: [],
    others: ['update'],
    drains: [],
    leaves: [],
  },
  slow: {
    asks: ['update', 'answer'],
    update: [],
    'nothing new': ['saved 1'],
    answer: [],
    gap: ['asks'],
    'bad write': ['refused 1'],
    'bad bytes': ['close bad-frame'],
    commit: [],
    others: [],
    drains: ['update'],
    leaves: [],
  },
}

function inputOf(event: Event, state: RoomState): readonly Input[] {
  const accepted = (member: number, emitted: Uint8Array | null, reply = false): Input => ({
    kind: 'accepted',
    member,
    emitted,
    reply,
  })
  const committed = (): Input => ({ kind: 'committed', upTo: seq(state.committed + 1), now: instant(NOW + 1_000) })
  switch (event) {
    case 'asks':
      return [{ kind: 'asked', member: ME, fresh: true, missing: null }]
    case 'update':
      return [accepted(ME, UPDATE)]
    case 'nothing new':
      return [accepted(ME, null)]
    case 'answer':
      return [accepted(ME, UPDATE, true)]
    case 'gap':
      return [{ kind: 'gap', member: ME, stateVector: Uint8Array.of(0) }]
    case 'bad write':
      return [{ kind: 'refused', member: ME, refusal: refusal('lead-only', ['tasks']) }]
    case 'bad bytes':
      return [{ kind: 'refused', member: ME, refusal: refusal('malformed') }]
    case 'commit':
      return [committed()]
    case 'others':
      return [accepted(OTHER, UPDATE), committed()]
    case 'drains':
      return [{ kind: 'drained', member: ME }]
    case 'leaves':
      return [{ kind: 'left', member: ME }]
  }
}

function roomIn(state: State): { readonly room: RoomState; readonly slow: Set<number> } {
  const room = openState(UPDATE, seq(1), NOW)
  const slow = new Set<number>()
  const run = (input: Input): void => void step(room, input, (member) => slow.has(member))
  for (const member of [ME, OTHER]) run({ kind: 'joined', member, speaksDongbo: true, stateVector: Uint8Array.of(0) })
  run({ kind: 'asked', member: OTHER, fresh: true, missing: null })
  if (state !== 'seated') run({ kind: 'asked', member: ME, fresh: true, missing: null })
  if (state === 'gap') run({ kind: 'gap', member: ME, stateVector: Uint8Array.of(0) })
  if (state === 'refused') run({ kind: 'refused', member: ME, refusal: refusal('lead-only') })
  if (state === 'slow') {
    slow.add(ME)
    run({ kind: 'accepted', member: OTHER, emitted: UPDATE, reply: false })
    run({ kind: 'committed', upTo: seq(2), now: instant(NOW + 500) })
  }
  return { room, slow }
}

function heard(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) => {
    if (effect.do === 'close') return effect.member === ME ? [`close ${effect.reason}`] : []
    if (effect.do === 'wait' || effect.to !== ME) return []
    const [type, second] = effect.message
    if (type === MESSAGE_SYNC)
      return second === SYNC_STEP_1 ? ['asks'] : second === SYNC_STEP_2 ? ['answer'] : ['update']
    if (type === MESSAGE_SAVED) return [`saved ${second}`]
    return type === MESSAGE_REFUSED ? [`refused ${second}`] : [`message ${type}`]
  })
}

describe.each(Object.entries(TABLE))('a socket that is %s', (state, events) => {
  test.each(Object.entries(events))('%s: hears %j', (event, expected) => {
    const { room, slow } = roomIn(state as State)
    const effects = inputOf(event as Event, room).flatMap((input) => step(room, input, (member) => slow.has(member)))
    expect(heard(effects)).toEqual(expected)
  })
})

test('own edits are acknowledged when they are durable and not told back', () => {
  const { room } = roomIn('current')
  const run = (input: Input): readonly string[] => heard(step(room, input, () => false))
  expect(run({ kind: 'accepted', member: ME, emitted: UPDATE, reply: false })).toEqual([])
  expect(run({ kind: 'accepted', member: ME, emitted: UPDATE, reply: false })).toEqual([])
  expect(run({ kind: 'committed', upTo: seq(2), now: instant(NOW + 100) })).toEqual(['saved 1'])
  expect(run({ kind: 'committed', upTo: seq(3), now: instant(NOW + 200) })).toEqual(['saved 2'])
})

test('with a gap open nothing is acknowledged; the answer acknowledges all of it', () => {
  const { room } = roomIn('gap')
  const run = (input: Input): readonly string[] => heard(step(room, input, () => false))
  run({ kind: 'accepted', member: ME, emitted: UPDATE, reply: false })
  expect(run({ kind: 'committed', upTo: seq(2), now: instant(NOW + 100) })).toEqual([])
  run({ kind: 'accepted', member: ME, emitted: UPDATE, reply: true })
  expect(run({ kind: 'committed', upTo: seq(3), now: instant(NOW + 200) })).toEqual(['saved 3'])
})
