import { createHash, randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@dongbo/db/connect.ts'
import type { Database } from '@dongbo/db/database.ts'
import { body, person, plan, planBody, session } from '@dongbo/db/schema.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { instant } from '@dongbo/kernel/clock.ts'
import { subjectOf } from '@dongbo/model/documentName.ts'
import { SUBPROTOCOL } from '@dongbo/protocol/messages.ts'
import { seq } from '@dongbo/sync/ports/updateLog.ts'
import { createPostgresDatabase } from '@dongbo/testkit/databases.ts'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { sql } from 'drizzle-orm'
import { BENCH_BODY, documentName } from './documents.ts'
import { askMemory, environment, type MeasuredServer, type StartOptions, type World } from './measuredServer.ts'

const SESSION_LIFE_MS = 3_600_000
/** Rows of one INSERT. */
const CHUNK = 1_000
const TOKEN_BYTES = 32

/** Ours with everything on: sessions, rights cell by cell, every edit in PostgreSQL before anybody hears of it. */
export async function startOurs(world: World, options: StartOptions): Promise<MeasuredServer> {
  const database = await createPostgresDatabase()
  let server: ServerProcess | null = null
  try {
    const tokens = await furnish(database.url, world)
    const memoryFile = join(tmpdir(), `dongbo-memory-${process.pid}-${Date.now()}.json`)
    const running = await ServerProcess.start({
      databaseUrl: database.url,
      env: { DONGBO_DEMO: '0', REDIS_URL: '', ...environment(memoryFile, options) },
    })
    server = running
    return {
      get pid() {
        return running.pid
      },
      storePids: async () => await backendsOf(database.url),
      address: (document, who) => ({
        framing: 'y-websocket',
        port: Number(new URL(running.url).port),
        path: `/sync/${documentName(document)}`,
        document: documentName(document),
        headers: {
          Origin: running.url,
          Cookie: `dongbo=${tokens[who] ?? ''}`,
          'Sec-WebSocket-Protocol': SUBPROTOCOL,
        },
      }),
      fill: () => undefined,
      memory: async () => await askMemory(running.pid, memoryFile),
      async kill() {
        await running.kill('SIGKILL')
      },
      restart: async () => await running.restart(),
      async remove() {
        // A profile is written at a clean end only.
        if (options.profileDir !== null) await running.kill('SIGTERM')
        await running.remove()
        rmSync(memoryFile, { force: true })
        await database.drop()
      },
    }
  } catch (error) {
    await server?.remove()
    await database.drop()
    throw error
  }
}

/** The PostgreSQL processes behind the server's connections: one each, made when it is first needed. */
async function backendsOf(url: string): Promise<readonly number[]> {
  const connection = await connect({ engine: 'postgres', url })
  try {
    const backends = await connection.database
      .select({ pid: sql<number>`pid` })
      .from(sql`pg_stat_activity`)
      .where(sql`datname = current_database() and pid <> pg_backend_pid()`)
    return backends.map(({ pid }) => pid).filter((pid) => existsSync(`/proc/${pid}`))
  } finally {
    await connection.close()
  }
}

/** Fills a fresh database with people who are signed in and with plans. @returns each person's cookie */
async function furnish(url: string, world: World): Promise<readonly string[]> {
  const connection = await connect({ engine: 'postgres', url })
  try {
    await connection.migrate()
    const { database } = connection
    const names = { nameVi: 'Cơ quan đo', nameEn: 'Measuring body', abbr: 'ĐO' }
    await database
      .insert(body)
      .values({ id: BENCH_BODY, kind: 'city_department', ...names, successorIds: [], position: 0 })
    const tokens = await signInEverybody(database, world.people)
    await putPlans(database, world)
    return tokens
  } finally {
    await connection.close()
  }
}

/** Hashing a password for each would take minutes; a session row is all that signing in leaves behind. */
async function signInEverybody(database: Database, people: number): Promise<readonly string[]> {
  const tokens = Array.from({ length: people }, () => randomBytes(TOKEN_BYTES).toString('base64url'))
  const now = new Date()
  for (let from = 0; from < people; from += CHUNK) {
    const chunk = tokens.slice(from, from + CHUNK).map((token, index) => ({ token, id: `p-${from + index}` }))
    await database.insert(person).values(
      chunk.map(({ id }) => ({
        id,
        bodyId: BENCH_BODY,
        email: `${id}@bench.example`,
        displayName: `Chuyên viên ${id}`,
        kind: 'officer',
      })),
    )
    await database.insert(session).values(
      chunk.map(({ id, token }) => ({
        id: createHash('sha256').update(token).digest('hex'),
        personId: id,
        createdAt: now,
        lastSeenAt: now,
        expiresAt: new Date(now.getTime() + SESSION_LIFE_MS),
      })),
    )
  }
  return tokens
}

async function putPlans(database: Database, { documents, state }: World): Promise<void> {
  const log = databaseUpdateLog(database)
  for (let index = 0; index < documents; index++) {
    const name = documentName(index)
    const id = subjectOf(name)
    const titles = { titleVi: `Kế hoạch ${index + 1}`, titleEn: `Plan ${index + 1}` }
    await database.insert(plan).values({ id, ...titles, year: 2026, status: 'draft' })
    await database.insert(planBody).values({ planId: id, bodyId: BENCH_BODY, role: 'member', position: 0 })
    const entry = { document: name, seq: seq(1), update: state, personId: null, bodyId: null }
    await log.create({ ...entry, at: instant(Date.now()) }, `bench-${index}`)
  }
}
