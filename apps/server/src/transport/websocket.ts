import websocket from '@fastify/websocket'
import type { Clock } from '@dongbo/kernel/clock.ts'
import { parseDocumentName, type DocumentName } from '@dongbo/model/documentName.ts'
import type { Result } from '@dongbo/kernel/result.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import { FRAME_LIMIT_BYTES } from '@dongbo/protocol/limits.ts'
import { SUBPROTOCOL } from '@dongbo/protocol/messages.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Session } from '#access/sessions.ts'
import { readCopy, type BroughtCopy } from './copyParameters.ts'
import { closeSocket, type LiveSocket, type LiveSockets } from './liveSockets.ts'
import type { ServerMetrics } from './metrics.ts'
import { sendProblem } from './problem.ts'
import { receiveFrames } from './receiveFrames.ts'
import type { FindSession } from './serveRoute.ts'
import type { SyncSocket } from './syncSocket.ts'

/** A socket that has entered a room. */
export interface SyncMember {
  /** One frame; never throws for what a client may send. */
  receive(frame: Uint8Array): void
  leave(): void
}

export interface SyncParts {
  /** Seats a socket in a document's room, or says why it has to be closed. */
  join(visit: Visit): Promise<Result<SyncMember, CloseReason>>
  readonly sockets: LiveSockets
  readonly clock: Clock
  readonly metrics: ServerMetrics
}

export interface Visit {
  readonly document: DocumentName
  readonly sessionId: string
  readonly socket: LiveSocket
  /** Asked for our own messages by the subprotocol. */
  readonly speaksDongbo: boolean
  /** What it says of the copy that it brings along. */
  readonly copy: BroughtCopy
}

interface Door extends SyncParts {
  isOwnOrigin(request: FastifyRequest): boolean
  /** Without counting as activity: a page comes back by itself. */
  readonly recogniseSession: FindSession
}

/** `/sync/<kind>/<id>`: the y-websocket protocol for whoever is signed in, from our own pages. */
export async function serveWebSockets(app: FastifyInstance, door: Door): Promise<void> {
  await app.register(websocket, {
    options: {
      maxPayload: FRAME_LIMIT_BYTES,
      perMessageDeflate: false,
      handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    },
    // Sockets are told to come back later before the server closes them (`stopServing`).
    preClose: (done: () => void) => done(),
    errorHandler: (error, socket, request) => {
      request.log.error({ err: error }, 'socket handler failed')
      socket.terminate()
    },
  })

  const sessions = new WeakMap<FastifyRequest, Session>()
  app.get(
    '/sync/:kind/:id',
    {
      websocket: true,
      schema: { hide: true },
      preValidation: async (request, reply) => {
        // A page of another site could otherwise open a socket with the reader's cookie.
        if (!door.isOwnOrigin(request)) {
          door.metrics.upgradesRefused.inc({ reason: 'foreign-origin' })
          return sendProblem(request, reply, 'foreign-origin')
        }
        const session = await door.recogniseSession(request)
        if (session !== null) {
          sessions.set(request, session)
        } else if (!asksForDongbo(request)) {
          // Our own client is let in to be told by close code: a browser hides the status of a refused upgrade.
          door.metrics.upgradesRefused.inc({ reason: 'not-signed-in' })
          return sendProblem(request, reply, 'not-signed-in')
        }
        return undefined
      },
    },
    (socket, request) => {
      // Without a listener an error of the line (a frame too large, a reset) would end the process.
      socket.on('error', (error) => request.log.debug({ err: error }, 'socket error'))
      const session = sessions.get(request)
      if (session === undefined) closeSocket(socket, 'signed-out', door.clock, door.metrics)
      else enterRoom(socket, request, session, door)
    },
  )
}

/** Seats a line in the room that the request's address names, or closes it with the reason. */
export function enterRoom(socket: SyncSocket, request: FastifyRequest, session: Session, door: SyncParts): void {
  const live = door.sockets.add(socket, session)
  if (live === null) return closeSocket(socket, 'slow-down', door.clock, door.metrics)
  const frames = receiveFrames(socket, live, {
    onFrame: () => door.metrics.framesReceived.inc(),
    // A defect of ours: this socket goes, the process and everybody else stay.
    onDefect(error) {
      request.log.error({ err: error }, 'frame failed')
      live.close('restart')
    },
  })
  const { kind, id } = request.params as { kind: string; id: string }
  const name = parseDocumentName(`${kind}/${id}`)
  if (!name.ok) return live.close('no-such-document')
  const copy = readCopy(request.query)
  if (copy === null) return live.close('bad-frame')
  const speaksDongbo = socket.protocol === SUBPROTOCOL
  door.join({ document: name.value, sessionId: session.id, socket: live, speaksDongbo, copy }).then(
    (joined) => {
      if (joined.ok) frames.deliverTo(joined.value)
      else live.close(joined.error)
    },
    (error: unknown) => {
      request.log.error({ err: error, document: name.value }, 'document could not be opened')
      live.close('overloaded')
    },
  )
}

function asksForDongbo(request: FastifyRequest): boolean {
  return String(request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .some((offered) => offered.trim() === SUBPROTOCOL)
}
