import { describe, expect, test } from 'vitest'
import { instant } from '@dongbo/kernel/clock.ts'
import {
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_SYNC,
  MESSAGE_WELCOME,
  SYNC_STEP_1,
  SYNC_STEP_2,
} from '@dongbo/protocol/messages.ts'
import { seq, type Seq } from '../ports/updateLog.ts'
import { refusal } from '../gate/refusal.ts'
import { DurableContent } from './durableContent.ts'
import { openState, type RoomState } from './state.ts'
import { step, type Effect, type Input } from './step.ts'

/** The states of a socket as `docs/protocol.md` names them. */
type State = 'seated' | 'current' | 'gap' | 'refused' | 'slow' | 'released'
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
  | 'releases'
  | 'leaves'

const ME = 1
const OTHER = 2
/** An update with nothing in it. */
const UPDATE = Uint8Array.of(0, 0)
const NOW = instant(1_000_000)

/** What this socket hears, in order. A new state or a new event does not compile until it is described for all others. */
const TABLE: Readonly<Record<State, Readonly<Record<Event, readonly string[]>>>> = {
  seated: {
    asks: ['update', 'answer'],
    update: [],
    'nothing new': ['saved 1'],
    answer: [],
    gap: ['asks'],
    'bad write': ['refused 1'],
    'bad bytes': ['close bad-frame'],
    commit: [],
    others: [],
    drains: [],
    releases: ['free-client-id'],
    leaves: [],
  },
  current: {
    asks: ['update', 'answer'],
    update: [],
    'nothing new': ['saved 1'],
    answer: [],
    gap: ['asks'],
    'bad write': ['refused 1'],
    'bad bytes': ['close bad-frame'],
    commit: [],
    others: ['update'],
    drains: [],
    releases: ['free-client-id'],
    leaves: [],
  },
  gap: {
    asks: ['update', 'answer'],
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
    releases: [],
    leaves: [],
  },
  // Nothing more is taken from it.
  refused: {
    asks: ['update', 'answer'],
    update: [],
    'nothing new': [],
    answer: [],
    gap: [],
    'bad write': [],
    'bad bytes': [],
    commit: [],
    others: ['update'],
    drains: [],
    releases: [],
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
    releases: ['free-client-id'],
    leaves: [],
  },
  // Its client id may be another tab's by now.
  released: {
    asks: ['update', 'answer'],
    update: ['close bad-frame'],
    'nothing new': ['close bad-frame'],
    answer: ['close bad-frame'],
    gap: ['close bad-frame'],
    'bad write': ['close bad-frame'],
    'bad bytes': ['close bad-frame'],
    commit: [],
    others: ['update'],
    drains: [],
    releases: [],
    leaves: [],
  },
}

/** What a room and its judge do with a document message of this socket, and what its entry makes durable. */
class Trial {
  readonly room: RoomState = openState(new DurableContent(UPDATE, seq(1)), NOW)
  readonly slow = new Set<number>()
  #inFlight: { readonly seq: Seq; readonly author: number }[] = []
  #time = NOW

  run(...inputs: readonly Input[]): readonly Effect[] {
    return inputs.flatMap((input) => step(this.room, input, (member) => this.slow.has(member)))
  }

  sent(member: number, judged: (count: number) => Input): readonly Effect[] {
    const effects = this.run({ kind: 'received', member })
    if (effects.some((effect) => effect.do === 'close')) return effects
    return [...effects, ...this.run(judged(this.room.members.get(member)?.received ?? 0))]
  }

  wrote(member: number, reply = false): readonly Effect[] {
    const at = seq((this.#inFlight.at(-1)?.seq ?? this.room.content.upTo) + 1)
    const effects = this.sent(member, (count) => ({ kind: 'placed', member, count, reply, upTo: at, now: this.#time }))
    if (!effects.some((effect) => effect.do === 'close')) this.#inFlight.push({ seq: at, author: member })
    return effects
  }

  /** The next entry in flight is durable; nobody's when nothing is in flight. */
  commit(): readonly Effect[] {
    const entry = this.#inFlight.shift() ?? { seq: seq(this.room.content.upTo + 1), author: null }
    this.#time = instant(this.#time + 1_000)
    return this.run({ kind: 'committed', entries: [{ ...entry, update: UPDATE }], now: this.#time })
  }
}

function happens(event: Event, trial: Trial): readonly Effect[] {
  switch (event) {
    case 'asks':
      return trial.run({ kind: 'asked', member: ME, answer: trial.room.content.opening() })
    case 'update':
      return trial.wrote(ME)
    case 'nothing new': {
      const { upTo } = trial.room.content
      return trial.sent(ME, (count) => ({ kind: 'placed', member: ME, count, reply: false, upTo, now: NOW }))
    }
    case 'answer':
      return trial.wrote(ME, true)
    case 'gap':
      return trial.sent(ME, (count) => ({ kind: 'gap', member: ME, count, stateVector: Uint8Array.of(0) }))
    case 'bad write':
      return trial.sent(ME, (count) => ({
        kind: 'refused',
        member: ME,
        count,
        refusal: refusal('lead-only', ['tasks']),
      }))
    case 'bad bytes':
      return trial.sent(ME, (count) => ({ kind: 'refused', member: ME, count, refusal: refusal('malformed') }))
    case 'commit': {
      // Of this socket's own, if it has any, and nobody else's.
      const me = trial.room.members.get(ME)
      if (me !== undefined && me.cursor !== null) me.cursor = seq(trial.room.content.upTo + 1)
      return trial.commit()
    }
    case 'others':
      return [...trial.wrote(OTHER), ...trial.commit()]
    case 'drains':
      return trial.run({ kind: 'drained', member: ME })
    case 'releases':
      return trial.run({ kind: 'released', member: ME })
    case 'leaves':
      return trial.run({ kind: 'left', member: ME })
  }
}

function trialOf(state: State): Trial {
  const trial = new Trial()
  for (const member of [ME, OTHER]) {
    trial.run({ kind: 'joined', member, welcome: { generation: 'g', clientId: member }, doubtedId: null })
  }
  const answer = trial.room.content.opening()
  trial.run({ kind: 'asked', member: OTHER, answer })
  if (state !== 'seated') trial.run({ kind: 'asked', member: ME, answer })
  if (state === 'gap') happens('gap', trial)
  if (state === 'refused') happens('bad write', trial)
  if (state === 'released') happens('releases', trial)
  if (state === 'slow') {
    trial.slow.add(ME)
    trial.wrote(OTHER)
    trial.commit()
  }
  return trial
}

function heard(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) => {
    if (effect.do === 'close') return effect.member === ME ? [`close ${effect.reason}`] : []
    if (effect.do === 'free-client-id') return effect.member === ME ? [effect.do] : []
    if (effect.do !== 'send' || effect.to !== ME) return []
    const [type, second] = effect.message
    if (type === MESSAGE_SYNC)
      return second === SYNC_STEP_1 ? ['asks'] : second === SYNC_STEP_2 ? ['answer'] : ['update']
    if (type === MESSAGE_WELCOME) return ['welcome']
    if (type === MESSAGE_SAVED) return [`saved ${second}`]
    return type === MESSAGE_REFUSED ? [`refused ${second}`] : [`message ${type}`]
  })
}

describe.each(Object.entries(TABLE))('a socket that is %s', (state, events) => {
  test.each(Object.entries(events))('%s: hears %j', (event, expected) => {
    expect(heard(happens(event as Event, trialOf(state as State)))).toEqual(expected)
  })
})

test('the first thing that our client hears is its welcome, and a stock client hears none', () => {
  const trial = new Trial()
  expect(
    heard(trial.run({ kind: 'joined', member: ME, welcome: { generation: 'g', clientId: 7 }, doubtedId: null })),
  ).toEqual(['welcome', 'asks'])
  expect(heard(trial.run({ kind: 'joined', member: ME, welcome: null, doubtedId: null }))).toEqual(['asks'])
})

test('own edits are acknowledged when they are durable and not told back', () => {
  const trial = trialOf('current')
  expect(heard(trial.wrote(ME))).toEqual([])
  expect(heard(trial.wrote(ME))).toEqual([])
  expect(heard(trial.commit())).toEqual(['saved 1'])
  expect(heard(trial.commit())).toEqual(['saved 2'])
})

test('with a gap open nothing is acknowledged; the answer acknowledges all of it', () => {
  const trial = trialOf('gap')
  trial.wrote(ME)
  expect(heard(trial.commit())).toEqual([])
  trial.wrote(ME, true)
  expect(heard(trial.commit())).toEqual(['saved 3'])
})

test('a message that is still being judged holds back the acknowledgement of those behind it', () => {
  const trial = trialOf('current')
  trial.run({ kind: 'received', member: ME }, { kind: 'received', member: ME })
  const placed = (count: number): Input => ({ kind: 'placed', member: ME, count, reply: false, upTo: seq(2), now: NOW })
  expect(heard(trial.run(placed(2)))).toEqual([])
  expect(heard(trial.commit())).not.toContain('saved 2')
  expect(heard(trial.run(placed(1)))).toEqual(['saved 2'])
})

test('a message that lost its position is acknowledged at the new one', () => {
  const trial = trialOf('current')
  trial.wrote(ME)
  trial.run({ kind: 'contested', member: ME, count: 1 })
  expect(heard(trial.commit())).toEqual([])
  expect(heard(trial.run({ kind: 'placed', member: ME, count: 1, reply: false, upTo: seq(3), now: NOW }))).toEqual([])
  expect(
    heard(trial.run({ kind: 'committed', entries: [{ seq: seq(3), update: UPDATE, author: ME }], now: NOW })),
  ).toEqual(['saved 1'])
})

test('a refusal takes back what was said of the message and of those behind it', () => {
  const trial = trialOf('current')
  for (let i = 0; i < 3; i++) trial.wrote(ME)
  expect(heard(trial.run({ kind: 'refused', member: ME, count: 2, refusal: refusal('lead-only') }))).toEqual([
    'refused 2',
  ])
  expect(heard(trial.commit())).toEqual(['saved 1'])
  expect(heard([...trial.commit(), ...trial.commit()])).toEqual([])
})

test('who says that it goes while something is under way keeps its client id', () => {
  const trial = trialOf('current')
  trial.wrote(ME)
  expect(heard(happens('releases', trial))).toEqual([])
  trial.commit()
  expect(heard(happens('releases', trial))).toEqual(['free-client-id'])
})

test('all who stand at the same place are told with one buffer, those who have just come too', () => {
  const trial = trialOf('current')
  const come = (...members: readonly number[]): void => {
    for (const member of members) {
      trial.run({ kind: 'joined', member, welcome: null, doubtedId: null })
      trial.run({ kind: 'asked', member, answer: [] })
    }
  }
  const told = (effects: readonly Effect[]): ReadonlyMap<number, Uint8Array> =>
    new Map(effects.flatMap((effect) => (effect.do === 'send' ? [[effect.to, effect.message] as const] : [])))
  come(11, 12)
  trial.wrote(OTHER)
  // Within the window the first edit is durable and not yet told; who comes now has it already.
  trial.room.tellingScheduled = true
  trial.commit()
  come(21, 22)
  trial.wrote(OTHER)
  trial.room.tellingScheduled = false
  const heardBy = told(trial.commit())
  expect(heardBy.get(11)).toBe(heardBy.get(12))
  expect(heardBy.get(21)).toBe(heardBy.get(22))
  expect(heardBy.get(11)).not.toBe(heardBy.get(21))
  expect(heardBy.get(ME)).toBe(heardBy.get(11))
  expect(heardBy.has(OTHER)).toBe(true)
})
