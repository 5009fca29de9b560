import * as decoding from 'lib0/decoding'
import { describe, expect, test } from 'vitest'
import {
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_WELCOME,
  readClientMessage,
  readRefused,
  readSaved,
  readWelcome,
  refusedMessage,
  releaseMessage,
  savedMessage,
  SUBPROTOCOL,
  syncStep1Message,
  syncStep2Message,
  updateMessage,
  welcomeMessage,
} from './messages.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Bytes on the wire, for ever: a client in somebody's open tab was built against them. */
const golden: readonly [string, Uint8Array, string][] = [
  ['sync step 1', syncStep1Message(Uint8Array.of(0)), '00000100'],
  ['sync step 2', syncStep2Message(Uint8Array.of(0, 0)), '0001020000'],
  ['update', updateMessage(Uint8Array.of(0, 0)), '0002020000'],
  ['saved', savedMessage({ count: 300, at: 1_795_485_600_000 }), '64ac028092a0daa034'],
  [
    'refused',
    refusedMessage({ count: 2, code: 'lead-only', path: ['tasks', 'NV-I-1'] }),
    '6502096c6561642d6f6e6c7902057461736b73064e562d492d31',
  ],
  ['welcome', welcomeMessage({ generation: 'g1', clientId: 300 }), '66026731ac02'],
  ['release', releaseMessage(), '67'],
]

test.each(golden)(
  'the bytes of `%s` are what they were (another form needs another subprotocol)',
  (_name, bytes, written) => {
    expect(SUBPROTOCOL).toBe('dongbo.1')
    expect(hex(bytes)).toBe(written)
  },
)

describe('what the server says is read back', () => {
  test('saved', () => {
    const decoder = decoding.createDecoder(savedMessage({ count: 300, at: 1_795_485_600_000 }))
    expect(decoding.readVarUint(decoder)).toBe(MESSAGE_SAVED)
    expect(readSaved(decoder)).toEqual({ count: 300, at: 1_795_485_600_000 })
    expect(decoding.hasContent(decoder)).toBe(false)
  })

  test('refused', () => {
    const refused = { count: 7, code: 'other-bodys-cell', path: ['roles', 'NV-I-1:sdl', 'chữ có dấu'] }
    const decoder = decoding.createDecoder(refusedMessage(refused))
    expect(decoding.readVarUint(decoder)).toBe(MESSAGE_REFUSED)
    expect(readRefused(decoder)).toEqual(refused)
    expect(decoding.hasContent(decoder)).toBe(false)
  })
})

test('a welcome is read back', () => {
  const decoder = decoding.createDecoder(welcomeMessage({ generation: '01JD', clientId: 4_294_967_295 }))
  expect(decoding.readVarUint(decoder)).toBe(MESSAGE_WELCOME)
  expect(readWelcome(decoder)).toEqual({ generation: '01JD', clientId: 4_294_967_295 })
  expect(decoding.hasContent(decoder)).toBe(false)
})

describe('what a client says', () => {
  test.each([
    ['release', releaseMessage(), { type: 'release' }],
    ['sync step 1', syncStep1Message(Uint8Array.of(0)), { type: 'sync-step-1', stateVector: Uint8Array.of(0) }],
    [
      'sync step 2',
      syncStep2Message(Uint8Array.of(0, 0)),
      { type: 'update', update: Uint8Array.of(0, 0), reply: true },
    ],
    ['update', updateMessage(Uint8Array.of(0, 0)), { type: 'update', update: Uint8Array.of(0, 0), reply: false }],
    ['awareness', Uint8Array.of(1, 1, 0), { type: 'awareness', update: Uint8Array.of(0) }],
    ['query awareness', Uint8Array.of(3), { type: 'query-awareness' }],
  ])('%s is understood; cut off or with bytes behind it, it is a bad frame', (_name, frame, message) => {
    expect(readClientMessage(frame)).toEqual({ ok: true, value: message })
    for (let length = 0; length < frame.length; length++) {
      expect(readClientMessage(frame.slice(0, length))).toEqual({ ok: false, error: 'bad-frame' })
    }
    expect(readClientMessage(Uint8Array.from([...frame, 0]))).toEqual({ ok: false, error: 'bad-frame' })
  })

  test.each([
    ['our own messages', savedMessage({ count: 1, at: 1 })],
    ['auth, which y-websocket reserves', Uint8Array.of(2, 0)],
    ['an unknown sync step', Uint8Array.of(0, 3, 0)],
    ['an unknown type', Uint8Array.of(77)],
    ['a length far beyond the bytes', Uint8Array.of(0, 2, 0xff, 0xff, 0xff, 0x7f)],
  ])('%s: a bad frame', (_name, frame) => {
    expect(readClientMessage(frame)).toEqual({ ok: false, error: 'bad-frame' })
  })
})
