import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { err, ok, type Result } from '@dongbo/kernel/result.ts'

/**
 * The same messages over plain requests, for networks that let no WebSocket through: a seat is opened, then one request
 * after the other carries frames up, and one waits for frames down. Whatever fails ends the seat; a client then comes back
 * with a new one, as after a cut.
 */
export const LONG_POLL_FOLDER = '/api/sync'

/** A question for frames is answered after this long, with none: proxies cut requests that are silent for a minute. */
export const LONG_POLL_WAIT_MS = 20_000

/** Where a document's seat is opened; the parameters are those of a socket's address. */
export function openSeatPath(document: string): string {
  return `${LONG_POLL_FOLDER}/open/${document}`
}

export function seatPath(seat: string, act: 'up' | 'down' | 'close'): string {
  return `${LONG_POLL_FOLDER}/seats/${seat}/${act}`
}

/** Frames in one body, in order. */
export function framesBody(frames: readonly Uint8Array[]): Uint8Array {
  const encoder = encoding.createEncoder()
  for (const frame of frames) encoding.writeVarUint8Array(encoder, frame)
  return encoding.toUint8Array(encoder)
}

/** Views into `body` are returned: copy what outlives it. */
export function readFrames(body: Uint8Array): Result<readonly Uint8Array[], 'bad-frame'> {
  try {
    return ok(restOf(decoding.createDecoder(body)))
  } catch {
    // lib0 throws on every truncated or oversized number.
    return err('bad-frame')
  }
}

/** What a question for frames is answered with. */
export interface Downward {
  readonly frames: readonly Uint8Array[]
  /** The close code with which the seat has ended behind these frames, or null. */
  readonly closed: number | null
}

export function downwardBody({ frames, closed }: Downward): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, closed ?? 0)
  for (const frame of frames) encoding.writeVarUint8Array(encoder, frame)
  return encoding.toUint8Array(encoder)
}

/** Throws on anything else. */
export function readDownward(body: Uint8Array): Downward {
  const decoder = decoding.createDecoder(body)
  const closed = decoding.readVarUint(decoder)
  return { frames: restOf(decoder), closed: closed === 0 ? null : closed }
}

function restOf(decoder: decoding.Decoder): readonly Uint8Array[] {
  const frames: Uint8Array[] = []
  while (decoding.hasContent(decoder)) frames.push(decoding.readVarUint8Array(decoder))
  return frames
}
