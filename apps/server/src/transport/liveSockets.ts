import type { Clock, Cancel } from '@dongbo/kernel/clock.ts'
import { CLOSE_CODES, type CloseReason } from '@dongbo/protocol/closeCodes.ts'
import type { Socket } from '@dongbo/sync/ports/socket.ts'
import { WebSocket } from 'ws'
import type { ServerMetrics } from './metrics.ts'
import { socketSender } from './sharedFrames.ts'
import type { SyncSocket } from './syncSocket.ts'

/** A client that has gone without a word is found out within three of these: half a minute, as others see him leave. */
const PING_EVERY_MS = 11_000
const MISSED_PINGS_LIMIT = 2
/** A client that does not answer the closing handshake is cut off. */
const CLOSE_TIMEOUT_MS = 3_000

/** Some documents in each of some tabs; beyond it somebody is collecting sockets. */
const SOCKETS_PER_SESSION = 64

/** An open socket of a signed-in person. */
export interface LiveSocket extends Socket {
  readonly sessionId: string
  /** Epoch milliseconds: however busy, it ends here. */
  readonly expiresAt: number
  /** Marks that the person has changed something: the session is in use. */
  noteActivity(): void
}

/** Every open socket of this node, and what is due to them as a whole: pings, endings, activity. */
export interface LiveSockets {
  /** Null when the session has as many sockets as anybody needs. */
  add(socket: SyncSocket, session: { readonly id: string; readonly expiresAt: number }): LiveSocket | null
  /** Closes what belongs to a session. */
  closeSession(sessionId: string): void
  sessionIds(): readonly string[]
  /** The sessions that were active since the last call. */
  takeActive(): readonly string[]
  /** Closes the sockets of sessions whose time is up. */
  closeExpired(now: number): void
  /** Closes every socket and waits until they are gone, those that do not answer after `CLOSE_TIMEOUT_MS`. */
  stop(reason: CloseReason): Promise<void>
}

interface Entry {
  readonly live: LiveSocket
  readonly socket: SyncSocket
  missedPings: number
  /** Nothing is read from it, its answers to pings neither. */
  paused: boolean
}

export function liveSockets(clock: Clock, metrics: ServerMetrics): LiveSockets {
  const bySession = new Map<string, Set<Entry>>()
  const active = new Set<string>()
  const senderOf = socketSender()

  function* entries(): Generator<Entry> {
    for (const set of bySession.values()) yield* [...set]
  }

  function remove(entry: Entry): void {
    const set = bySession.get(entry.live.sessionId)
    if (set?.delete(entry) !== true) return
    metrics.sockets.dec()
    if (set.size === 0) bySession.delete(entry.live.sessionId)
  }

  let stopPings: Cancel
  function pingAll(): void {
    for (const entry of entries()) {
      // That it is silent is our doing; whether it is there shows when it is read from again.
      if (entry.paused) continue
      if (entry.missedPings >= MISSED_PINGS_LIMIT) {
        entry.socket.terminate()
        continue
      }
      entry.missedPings += 1
      if (entry.socket.readyState === WebSocket.OPEN) entry.socket.ping()
    }
    stopPings = clock.after(PING_EVERY_MS, pingAll)
  }
  stopPings = clock.after(PING_EVERY_MS, pingAll)

  return {
    add(socket, session) {
      const set = bySession.get(session.id) ?? new Set()
      if (set.size >= SOCKETS_PER_SESSION) return null
      const write = senderOf(socket)
      const live: LiveSocket = {
        sessionId: session.id,
        expiresAt: session.expiresAt,
        get queuedBytes() {
          return socket.bufferedAmount
        },
        send(message) {
          if (socket.readyState === WebSocket.OPEN) write(message)
        },
        close(reason) {
          // The answer to the closing handshake is to be read too.
          live.resume()
          closeSocket(socket, reason, clock, metrics)
        },
        pause() {
          if (entry.paused) return
          entry.paused = true
          metrics.socketsPaused.inc()
          socket.pause()
        },
        resume() {
          if (!entry.paused) return
          entry.paused = false
          entry.missedPings = 0
          metrics.socketsPaused.dec()
          socket.resume()
        },
        noteActivity() {
          active.add(session.id)
        },
      }
      const entry: Entry = { live, socket, missedPings: 0, paused: false }
      bySession.set(session.id, set.add(entry))
      metrics.sockets.inc()
      const isThere = () => void (entry.missedPings = 0)
      socket.on('pong', isThere)
      socket.on('message', isThere)
      socket.once('close', () => {
        live.resume()
        remove(entry)
      })
      return live
    },
    closeSession(sessionId) {
      for (const { live } of [...(bySession.get(sessionId) ?? [])]) live.close('signed-out')
    },
    sessionIds: () => [...bySession.keys()],
    takeActive() {
      const taken = [...active]
      active.clear()
      return taken
    },
    closeExpired(now) {
      for (const { live } of entries()) if (live.expiresAt <= now) live.close('signed-out')
    },
    async stop(reason) {
      stopPings()
      const gone = [...entries()].map(
        ({ socket }) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
      )
      for (const { live } of entries()) live.close(reason)
      await Promise.all(gone)
    },
  }
}

/** Says why and closes; cuts the line when the other side does not answer. Does nothing on a closed socket. */
export function closeSocket(socket: SyncSocket, reason: CloseReason, clock: Clock, metrics: ServerMetrics): void {
  if (socket.readyState !== WebSocket.OPEN) return
  const { code, text } = CLOSE_CODES[reason]
  metrics.socketsClosed.inc({ reason })
  socket.close(code, text)
  const stopWaiting = clock.after(CLOSE_TIMEOUT_MS, () => socket.terminate())
  socket.once('close', stopWaiting)
}
