import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { err, ok, type Result } from '@dongbo/kernel/result.ts'

/** The WebSocket subprotocol by which a client asks for our own messages beside those of y-protocols. */
export const SUBPROTOCOL = 'dongbo.1'

/** Message types of the y-websocket protocol (y-protocols, y-websocket `src/y-websocket.js`). */
export const MESSAGE_SYNC = 0
export const MESSAGE_AWARENESS = 1
export const MESSAGE_QUERY_AWARENESS = 3
/** Sub-types of `MESSAGE_SYNC` (y-protocols `sync.js`). */
export const SYNC_STEP_1 = 0
export const SYNC_STEP_2 = 1
export const SYNC_UPDATE = 2
/** Our own types: beyond every type that y-protocols uses. */
export const MESSAGE_SAVED = 100
export const MESSAGE_REFUSED = 101
export const MESSAGE_WELCOME = 102
export const MESSAGE_RELEASE = 103

/** Query parameters of a sync address, for who comes back with a copy of his own. */
export const GENERATION_PARAMETER = 'generation'
export const CLIENT_ID_PARAMETER = 'client'

/** What a client sends, parsed once at the door. */
export type ClientMessage =
  | { readonly type: 'sync-step-1'; readonly stateVector: Uint8Array }
  /** `reply` tells a sync step 2 (everything the server lacked) from an update. */
  | { readonly type: 'update'; readonly update: Uint8Array; readonly reply: boolean }
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  | { readonly type: 'query-awareness' }
  /** "I go, and everything that I wrote with my client id is durable": it may be leased to another tab. */
  | { readonly type: 'release' }

/** Parses one frame. Views into `frame` are returned: copy what outlives it. */
export function readClientMessage(frame: Uint8Array): Result<ClientMessage, 'bad-frame'> {
  try {
    const decoder = decoding.createDecoder(frame)
    const message = parse(decoder)
    return message !== null && !decoding.hasContent(decoder) ? ok(message) : err('bad-frame')
  } catch {
    // lib0 throws on every truncated or oversized number; that is its way of saying "not a message".
    return err('bad-frame')
  }
}

function parse(decoder: decoding.Decoder): ClientMessage | null {
  switch (decoding.readVarUint(decoder)) {
    case MESSAGE_SYNC: {
      const step = decoding.readVarUint(decoder)
      const body = decoding.readVarUint8Array(decoder)
      if (step === SYNC_STEP_1) return { type: 'sync-step-1', stateVector: body }
      if (step === SYNC_STEP_2) return { type: 'update', update: body, reply: true }
      if (step === SYNC_UPDATE) return { type: 'update', update: body, reply: false }
      return null
    }
    case MESSAGE_AWARENESS:
      return { type: 'awareness', update: decoding.readVarUint8Array(decoder) }
    case MESSAGE_QUERY_AWARENESS:
      return { type: 'query-awareness' }
    case MESSAGE_RELEASE:
      return { type: 'release' }
    default:
      return null
  }
}

export function syncStep1Message(stateVector: Uint8Array): Uint8Array {
  return syncMessage(SYNC_STEP_1, stateVector)
}

export function syncStep2Message(update: Uint8Array): Uint8Array {
  return syncMessage(SYNC_STEP_2, update)
}

export function updateMessage(update: Uint8Array): Uint8Array {
  return syncMessage(SYNC_UPDATE, update)
}

function syncMessage(step: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, MESSAGE_SYNC)
  encoding.writeVarUint(encoder, step)
  encoding.writeVarUint8Array(encoder, body)
  return encoding.toUint8Array(encoder)
}

/** "The first `count` document messages of this socket are durable"; `at` is the server's clock, in epoch milliseconds. */
export interface Saved {
  readonly count: number
  readonly at: number
}

export function savedMessage(saved: Saved): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, MESSAGE_SAVED)
  encoding.writeVarUint(encoder, saved.count)
  encoding.writeVarUint(encoder, saved.at)
  return encoding.toUint8Array(encoder)
}

/** Reads the body of `MESSAGE_SAVED`, behind its type. Throws on anything else. */
export function readSaved(decoder: decoding.Decoder): Saved {
  return { count: decoding.readVarUint(decoder), at: decoding.readVarUint(decoder) }
}

/** Why an update was refused as a whole; nothing of it was applied. */
export interface Refused {
  /** The number of the refused message among this socket's document messages, from 1. */
  readonly count: number
  /** A code of the gate or of the policy. */
  readonly code: string
  /** Where it would have written, or empty: `['tasks', 'NV-I-1', 'deadline']`. */
  readonly path: readonly string[]
}

export function refusedMessage(refused: Refused): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, MESSAGE_REFUSED)
  encoding.writeVarUint(encoder, refused.count)
  encoding.writeVarString(encoder, refused.code)
  encoding.writeVarUint(encoder, refused.path.length)
  for (const key of refused.path) encoding.writeVarString(encoder, key)
  return encoding.toUint8Array(encoder)
}

/** Reads the body of `MESSAGE_REFUSED`, behind its type. Throws on anything else. */
export function readRefused(decoder: decoding.Decoder): Refused {
  const count = decoding.readVarUint(decoder)
  const code = decoding.readVarString(decoder)
  const path: string[] = []
  for (let rest = decoding.readVarUint(decoder); rest > 0; rest--) path.push(decoding.readVarString(decoder))
  return { count, code, path }
}

/** What a client hears first: which history it joins, and under which client id it may write. */
export interface Welcome {
  /** Changes when the document is restored from a backup: a copy of another generation must never be merged. */
  readonly generation: string
  /** Leased to this socket's tab: taken up after the document has loaded and before the first edit. */
  readonly clientId: number
}

export function welcomeMessage(welcome: Welcome): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, MESSAGE_WELCOME)
  encoding.writeVarString(encoder, welcome.generation)
  encoding.writeVarUint(encoder, welcome.clientId)
  return encoding.toUint8Array(encoder)
}

/** Reads the body of `MESSAGE_WELCOME`, behind its type. Throws on anything else. */
export function readWelcome(decoder: decoding.Decoder): Welcome {
  return { generation: decoding.readVarString(decoder), clientId: decoding.readVarUint(decoder) }
}

export function releaseMessage(): Uint8Array {
  return new Uint8Array([MESSAGE_RELEASE])
}
