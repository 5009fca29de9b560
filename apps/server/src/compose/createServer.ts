import { fileURLToPath } from 'node:url'
import { instant } from '@dongbo/kernel/clock.ts'
import { ulid } from '@dongbo/kernel/ulid.ts'
import { connect, type Connection, type Store } from '@dongbo/db/connect.ts'
import { databaseClientIds } from '@dongbo/db/clientIds.ts'
import { databaseGrants, rightsFingerprint } from '@dongbo/db/grants.ts'
import { isOutOfReach } from '@dongbo/db/sqlState.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { demoToday } from '@dongbo/demo/demoPlan.ts'
import { dateInVietNam, type PlainDate } from '@dongbo/model/plainDate.ts'
import { Registry } from '@dongbo/sync/room/registry.ts'
import type { FastifyInstance } from 'fastify'
import { argonPasswords } from '#access/password.ts'
import { databaseDirectory } from '#access/directory.ts'
import { sessionEndings } from '#access/endings.ts'
import { databaseSessions } from '#access/sessions.ts'
import { signInDoor } from '#access/signIn.ts'
import { buildHttp } from '#transport/http.ts'
import { liveSockets } from '#transport/liveSockets.ts'
import { serverMetrics } from '#transport/metrics.ts'
import { sessionCookie } from '#transport/sessionCookie.ts'
import { loadWebFiles } from '#transport/webFiles.ts'
import type { Config } from './config.ts'
import { openBus } from './openBus.ts'
import { roomEntrance } from './roomEntrance.ts'
import { roomFigures, roomMeter } from './roomFigures.ts'
import { holdsDemo, isEmpty, seedDemo } from './seedDemo.ts'
import { clockFrom, systemClock, systemRandom } from './systemClock.ts'
import { lookForNews, thisNode } from './thisNode.ts'
import { watchRights } from './watchRights.ts'

const WEB_FOLDER = fileURLToPath(new URL('../../../web/dist', import.meta.url))

export interface Server {
  readonly app: FastifyInstance
  readonly connection: Connection
  readonly isDemo: boolean
  /** Starts to listen; the address as people open it. */
  listen(): Promise<string>
  /** Lets nobody in any more, makes everything durable, says so to every socket, and closes the database. */
  stop(): Promise<void>
}

/** Puts the server together from its configuration: the one place that names concrete adapters. */
export async function createServer(config: Config, store: Store): Promise<Server> {
  const connection = await connect(store)
  try {
    return await serverOver(connection, config)
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** The server over a database that is open already; `stop` closes it. */
export async function serverOver(connection: Connection, config: Config): Promise<Server> {
  const { database } = connection
  const clock = config.DONGBO_NOW === undefined ? systemClock : clockFrom(instant(Date.parse(config.DONGBO_NOW)))
  await connection.migrate()
  const log = databaseUpdateLog(database)
  const passwords = await argonPasswords()
  if (config.DONGBO_DEMO && (await isEmpty(database))) {
    await seedDemo({ database, log, passwords, clock, random: systemRandom })
  }
  const isDemo = config.DONGBO_DEMO && (await holdsDemo(database))
  const today = (): PlainDate => (isDemo && config.DONGBO_NOW === undefined ? demoToday : dateInVietNam(clock.now()))

  const idleLimitMs = config.SESSION_IDLE_MINUTES * 60_000
  const sessions = databaseSessions(database, clock, idleLimitMs)
  const grants = databaseGrants(database, { now: () => clock.now(), today, idleLimitMs })
  const metrics = serverMetrics()
  const sockets = liveSockets(clock, metrics)
  const publicOrigin = config.PUBLIC_URL === undefined ? null : new URL(config.PUBLIC_URL).origin
  const isHttps = publicOrigin?.startsWith('https:') === true
  // The logger belongs to the HTTP side, which needs the parts that log: they reach it once it stands.
  let app: FastifyInstance | null = null
  const reportError = (error: unknown) => app?.log.error({ err: error }, 'background work failed')
  const bus = await openBus({ redisUrl: config.REDIS_URL, database, clock, figures: metrics.registry, reportError })
  const endings = sessionEndings(sessions, bus, reportError)
  const meter = roomMeter(metrics.registry)
  const registry = new Registry(
    {
      clock,
      random: systemRandom,
      log,
      meter,
      events: {
        refused(document, person, code) {
          meter.refused(code)
          app?.log.warn({ document, person, code }, 'update refused')
        },
        unfaithful: (document, person) => app?.log.error({ document, person }, 'update did what was not judged'),
        failed: (document, because, error) => app?.log.error({ document, because, err: error }, 'room failed'),
      },
    },
    grants,
    databaseClientIds(database),
    thisNode({ bus, database, clock, random: systemRandom, figures: metrics.registry, reportError }),
  )
  roomFigures(metrics.registry, registry)

  const http = await buildHttp({
    directory: databaseDirectory(database, { today, demo: isDemo }),
    sessions,
    door: signInDoor(database, sessions, passwords, clock),
    endings,
    cookie: sessionCookie(isHttps),
    demo: isDemo,
    metrics,
    metricsToken: config.METRICS_TOKEN ?? null,
    ready: async () => await connection.ping(),
    web: await loadWebFiles(WEB_FOLDER),
    sync: {
      clock,
      metrics,
      sockets,
      join: roomEntrance(registry, sessions),
    },
    publicOrigin,
    isHttps,
    isOutOfReach,
    trustedProxies: config.TRUSTED_PROXIES,
    log: { level: config.LOG_LEVEL, stream: process.stderr },
    newRequestId: () => ulid(clock.now(), systemRandom),
  })
  app = http
  if (config.REDIS_URL !== undefined && !bus.connected) http.log.warn('Redis cannot be reached: trying again and again')
  // Nobody else can write into an embedded database.
  const news = config.DATABASE_URL === undefined ? null : lookForNews(registry, clock, reportError)
  const rights = await watchRights({
    sessions,
    endings,
    sockets,
    registry,
    clock,
    reportError,
    fingerprint: async () => `${today()} ${await rightsFingerprint(database)}`,
  })

  return {
    app: http,
    connection,
    isDemo,
    async listen() {
      await http.listen({ port: config.PORT, host: config.HOST })
      return config.PUBLIC_URL ?? addressOf(http, config.HOST)
    },
    async stop() {
      http.server.close()
      news?.stop()
      await rights.stop()
      await registry.close('restart')
      await sockets.stop('restart')
      await http.close()
      await bus.close()
      await connection.close()
    },
  }
}

function addressOf(app: FastifyInstance, host: string): string {
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
}
