import { downwardBody, LONG_POLL_FOLDER, readFrames } from '@dongbo/protocol/longPoll.ts'
import { FRAME_LIMIT_BYTES } from '@dongbo/protocol/limits.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { newToken } from '#access/token.ts'
import type { Session } from '#access/sessions.ts'
import { LongPollSeat } from './longPollSeat.ts'
import { sendProblem } from './problem.ts'
import type { FindSession } from './serveRoute.ts'
import { enterRoom, type SyncParts } from './websocket.ts'

/** A body of frames: the largest frame and what little comes with it. */
const BODY_LIMIT_BYTES = FRAME_LIMIT_BYTES + 65_536
/** Requests of one seat: ten a second carry more than anybody types. */
const SEAT_REQUESTS_PER_MINUTE = 600

interface Door extends SyncParts {
  readonly findSession: FindSession
}

interface OpenSeat {
  readonly seat: LongPollSeat
  readonly sessionId: string
}

/**
 * The sync protocol over plain requests, for networks that let no WebSocket through: the same rooms, rights, limits and
 * acknowledgements. Requests of other sites' pages are turned away before they come here, as all that change something.
 */
export async function serveLongPoll(app: FastifyInstance, door: Door): Promise<void> {
  const seats = new Map<string, OpenSeat>()
  const hidden = { schema: { hide: true } }
  const ofSeat = {
    ...hidden,
    config: {
      rateLimit: {
        max: SEAT_REQUESTS_PER_MINUTE,
        timeWindow: 60_000,
        keyGenerator: (request: FastifyRequest) => `seat ${seatOf(request)}`,
      },
    },
  }

  /** Null, and answered, when it is not there or somebody else's: both look the same. */
  async function findSeat(request: FastifyRequest, reply: FastifyReply): Promise<LongPollSeat | null> {
    const session = await door.findSession(request)
    const found = seats.get(seatOf(request))
    if (session !== null && found?.sessionId === session.id) return found.seat
    sendProblem(request, reply, session === null ? 'not-signed-in' : 'not-found')
    return null
  }

  function open(request: FastifyRequest, session: Session): string {
    const name = newToken()
    const seat = new LongPollSeat(door.clock)
    seats.set(name, { seat, sessionId: session.id })
    seat.once('close', () => seats.delete(name))
    // A seat that is closed at once says why to the first question.
    enterRoom(seat, request, session, door)
    return name
  }

  await app.register(async (routes) => {
    // Its own kind of body, and only here: everywhere else a body is JSON.
    routes.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
      (_request, body, done) => done(null, body),
    )

    routes.post(`${LONG_POLL_FOLDER}/open/:kind/:id`, hidden, async (request, reply) => {
      const session = await door.findSession(request)
      if (session === null) return sendProblem(request, reply, 'not-signed-in')
      return reply.header('cache-control', 'no-store').type('text/plain').send(open(request, session))
    })

    routes.post(`${LONG_POLL_FOLDER}/seats/:seat/down`, ofSeat, async (request, reply) => {
      const seat = await findSeat(request, reply)
      if (seat === null) return reply
      const asked = seat.ask()
      if (asked === null) return sendProblem(request, reply, 'slow-down')
      const gone = (): void => {
        if (!reply.raw.writableFinished) seat.askerGone()
      }
      reply.raw.once('close', gone)
      const answer = downwardBody(await asked)
      return reply.header('cache-control', 'no-store').type('application/octet-stream').send(Buffer.from(answer))
    })

    for (const act of ['up', 'close'] as const) {
      routes.post(`${LONG_POLL_FOLDER}/seats/:seat/${act}`, ofSeat, async (request, reply) => {
        const seat = await findSeat(request, reply)
        if (seat === null) return reply
        const frames = Buffer.isBuffer(request.body) ? readFrames(request.body) : null
        if (frames?.ok !== true) return sendProblem(request, reply, 'bad-request')
        await seat.receive(frames.value)
        if (act === 'close') seat.terminate()
        return reply.code(204).send()
      })
    }
  })
}

function seatOf(request: FastifyRequest): string {
  return (request.params as { readonly seat: string }).seat
}
