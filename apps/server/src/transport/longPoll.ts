import { downwardBody, LONG_POLL_FOLDER, readFrames } from '@dongbo/protocol/longPoll.ts'
import { FRAME_LIMIT_BYTES } from '@dongbo/protocol/limits.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { networkOf } from '#access/network.ts'
import { newToken } from '#access/token.ts'
import type { Session } from '#access/sessions.ts'
import { LongPollSeat, type Turn } from './longPollSeat.ts'
import { LONG_POLL_SCHEMAS } from './longPollSchemas.ts'
import { sendProblem } from './problem.ts'
import type { FindSession } from './serveRoute.ts'
import { enterRoom, type SyncParts } from './websocket.ts'

/** A body of frames: the largest frame and what little comes with it. */
const BODY_LIMIT_BYTES = FRAME_LIMIT_BYTES + 65_536
/** A question says all with its address. */
const QUESTION_LIMIT_BYTES = 1_024
/** Requests of one seat, each way: ten a second carry more than anybody types. */
const SEAT_REQUESTS_PER_MINUTE = 600

interface Door extends SyncParts {
  /** Without counting as activity: a page asks by itself, for as long as it is open. */
  readonly recogniseSession: FindSession
}

interface OpenSeat {
  readonly seat: LongPollSeat
  readonly sessionId: string
}

/** A request with frames, let in: `isServed` once they have come whole, and are handed over. */
interface Delivery {
  readonly seat: LongPollSeat
  readonly turn: Turn
  isServed: boolean
}

/**
 * The sync protocol over plain requests, for networks that let no WebSocket through: the same rooms, rights, limits and
 * acknowledgements. Requests of other sites' pages are turned away before they come here, as all that change something.
 * Who is asking is settled before a body is read (`preParsing`), and behind the limit of requests (`onRequest`).
 */
export async function serveLongPoll(app: FastifyInstance, door: Door): Promise<void> {
  const seats = new Map<string, OpenSeat>()
  const visitors = new WeakMap<FastifyRequest, Session>()
  const deliveries = new WeakMap<FastifyRequest, Delivery>()
  const config = {
    rateLimit: {
      max: SEAT_REQUESTS_PER_MINUTE,
      timeWindow: 60_000,
      // Names that somebody invents are counted where he calls from: each would have a limit of its own.
      keyGenerator: (request: FastifyRequest) =>
        seats.has(seatOf(request)) ? `seat ${seatOf(request)}` : networkOf(request.ip),
    },
  }

  /** Null, and answered, when it is not there or somebody else's: both look the same. */
  async function findSeat(request: FastifyRequest, reply: FastifyReply): Promise<LongPollSeat | null> {
    const session = await door.recogniseSession(request)
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

    routes.post(
      `${LONG_POLL_FOLDER}/open/:kind/:id`,
      {
        schema: LONG_POLL_SCHEMAS.open,
        bodyLimit: QUESTION_LIMIT_BYTES,
        preParsing: async (request, reply) => {
          const session = await door.recogniseSession(request)
          if (session === null) return sendProblem(request, reply, 'not-signed-in')
          visitors.set(request, session)
          return undefined
        },
      },
      async (request, reply) => {
        const session = visitors.get(request)
        if (session === undefined) return sendProblem(request, reply, 'not-signed-in')
        return reply.header('cache-control', 'no-store').type('text/plain').send(open(request, session))
      },
    )

    routes.post(
      `${LONG_POLL_FOLDER}/seats/:seat/down`,
      { schema: LONG_POLL_SCHEMAS.down, config, bodyLimit: QUESTION_LIMIT_BYTES },
      async (request, reply) => {
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
      },
    )

    for (const act of ['up', 'close'] as const) {
      routes.post(
        `${LONG_POLL_FOLDER}/seats/:seat/${act}`,
        {
          schema: LONG_POLL_SCHEMAS[act],
          config,
          bodyLimit: BODY_LIMIT_BYTES,
          preParsing: async (request, reply) => {
            const seat = await findSeat(request, reply)
            if (seat === null) return reply
            // Gone already: nothing would tell that it is, and the turn would never end.
            if (reply.raw.destroyed) return reply.hijack()
            const turn = act === 'up' ? seat.takeTurn() : seat.takeLastTurn()
            if (turn === null) return sendProblem(request, reply, 'slow-down')
            const delivery: Delivery = { seat, turn, isServed: false }
            deliveries.set(request, delivery)
            // A request that breaks off on its way must not keep its turn for ever.
            reply.raw.once('close', () => {
              if (!delivery.isServed) turn.end()
            })
            return undefined
          },
        },
        async (request, reply) => {
          const delivery = deliveries.get(request)
          if (delivery === undefined) return sendProblem(request, reply, 'not-found')
          return await deliver(delivery, request, reply)
        },
      )
    }
  })
}

async function deliver(delivery: Delivery, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { seat, turn } = delivery
  delivery.isServed = true
  try {
    const frames = Buffer.isBuffer(request.body) ? readFrames(request.body) : null
    if (frames?.ok !== true) return sendProblem(request, reply, 'bad-request')
    if (frames.value.some(({ length }) => length > FRAME_LIMIT_BYTES)) return sendProblem(request, reply, 'too-large')
    await turn.begins
    await seat.receive(frames.value)
  } finally {
    turn.end()
  }
  return reply.code(204).send()
}

function seatOf(request: FastifyRequest): string {
  return (request.params as { readonly seat: string }).seat
}
