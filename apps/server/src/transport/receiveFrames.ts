import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import { GREETING_FRAME_LIMIT_BYTES } from '@dongbo/protocol/limits.ts'
import { WebSocket, type RawData } from 'ws'
import type { LiveSocket } from './liveSockets.ts'
import type { SyncSocket } from './syncSocket.ts'
import type { SyncMember } from './websocket.ts'

/** What an honest client sends before its document is open: a greeting and its presence. */
const WAITING_FRAMES_LIMIT = 64

interface Hooks {
  onFrame(): void
  onDefect(error: unknown): void
}

/** `MESSAGE_SYNC` with an update in it: somebody is working, not only connected. */
function isWork(frame: Uint8Array): boolean {
  return frame[0] === 0 && frame[1] === 2
}

/**
 * Listens from the first moment, because frames that come before a listener are lost; holds what comes until the room is
 * joined, within limits; then hands over, in order.
 */
export function receiveFrames(socket: SyncSocket, live: LiveSocket, hooks: Hooks) {
  let waiting: Uint8Array[] = []
  let member: SyncMember | null = null

  function hold(frame: Uint8Array): void {
    if (frame.byteLength > GREETING_FRAME_LIMIT_BYTES) refuse('too-large')
    else if (waiting.length >= WAITING_FRAMES_LIMIT) refuse('slow-down')
    else waiting.push(frame)
  }

  function refuse(reason: CloseReason): void {
    waiting = []
    live.close(reason)
  }

  function handOver(frame: Uint8Array, to: SyncMember): void {
    try {
      to.receive(frame)
      if (isWork(frame)) live.noteActivity()
    } catch (error) {
      hooks.onDefect(error)
    }
  }

  socket.on('message', (data: RawData, isBinary: boolean) => {
    // After a close frame of ours whatever still arrives is not for anybody.
    if (socket.readyState !== WebSocket.OPEN) return
    hooks.onFrame()
    if (!isBinary || Array.isArray(data)) return refuse('bad-frame')
    const frame = data instanceof ArrayBuffer ? new Uint8Array(data) : copyOf(data)
    if (member === null) hold(frame)
    else handOver(frame, member)
  })
  socket.once('close', () => {
    waiting = []
    member?.leave()
  })

  return {
    deliverTo(joined: SyncMember): void {
      const held = waiting
      waiting = []
      // Who left, or was sent away, while the document was loading has still joined: he must leave the room too.
      if (socket.readyState !== WebSocket.OPEN) return joined.leave()
      member = joined
      for (const frame of held) {
        // One of them may have been the last straw: what came after it is not for anybody either.
        if (socket.readyState !== WebSocket.OPEN) return
        handOver(frame, joined)
      }
    },
  }
}

/** ws hands out views into a pool that it uses again; a room may keep a frame for longer. */
function copyOf(data: Buffer): Uint8Array {
  return new Uint8Array(data)
}
