// SIGKILL inside what must happen wholly or not at all, and a log whose last bytes never reached the disk.
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import { ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { TcpProxy } from '@dongbo/testkit/tcpProxy.ts'
import { expect, onTestFinished, test } from 'vitest'
import { EMBEDDED, POSTGRES, type Engine } from './engines.ts'
import { desks, marksIn } from './marks.ts'
import { Office } from './office.ts'
import { PostgresCluster } from './postgresCluster.ts'
import { runProgram } from './programs.ts'
import { cycles, report, SEED } from './settings.ts'

const SNAPSHOT_KILLS = cycles(4)
const MIGRATION_KILLS = cycles(4)
const FIRST_START_KILLS = cycles(5)
const TORN_TAILS = cycles(4)
/** From the first question after SIGTERM to beyond the commit of the snapshot. */
const ANSWERS_OF_A_STOP = 20
/** A start or two and some typing, on two busy cores. */
const ROUND_LIMIT_MS = 40_000
const TABLES = `select string_agg(table_name || '.' || column_name || ' ' || data_type, ',' order by table_name, column_name) from information_schema.columns where table_schema = 'public'`
const MIGRATIONS = 'select count(*) from drizzle.__drizzle_migrations'

/** Kills the process when the database has answered it so many times from now on. */
function killAtAnswer(proxy: TcpProxy, answers: number, kill: () => void): void {
  let left = answers
  proxy.replyFilter = () => {
    if (left-- > 0) return 'pass'
    proxy.replyFilter = () => 'pass'
    kill()
    return 'reset'
  }
}

test(
  'row 3: killed while it keeps a snapshot: the old one or the new one, and the log, on PostgreSQL',
  async () => {
    const random = seededRandom(SEED)
    const cluster = await PostgresCluster.start()
    onTestFinished(() => cluster.remove())
    const proxy = await TcpProxy.to(cluster.port, random)
    onTestFinished(() => proxy.close())
    const server = await ServerProcess.start({ databaseUrl: await cluster.createDatabase(proxy.port) })
    onTestFinished(() => server.remove())
    const office = new Office(server.url)
    onTestFinished(() => office.close())
    const kept = new Set<string>()
    let inside = 0
    const typist = await office.sitDown(desks()[0])
    for (let round = 0; round < SNAPSHOT_KILLS; round++) {
      typist.type(5)
      await office.agree([typist])
      // Stopping keeps a snapshot of every open document: one transaction of some statements.
      let wasAsked = false
      proxy.requestFilter = (piece) => {
        wasAsked ||= Buffer.from(piece).includes('document_snapshot')
        return 'pass'
      }
      killAtAnswer(proxy, random.below(ANSWERS_OF_A_STOP), () => void server.kill())
      // A stop that comes to its end has an exit code.
      if ((await server.kill('SIGTERM')) === null && wasAsked) inside++
      proxy.requestFilter = () => 'pass'
      kept.add(await cluster.sql('dongbo_0', 'select coalesce(max(up_to), 0) from document_snapshot'))
      proxy.replyFilter = () => 'pass'
      await server.restart()
      await office.agree([typist])
    }
    expect(typist.marks).toHaveLength(SNAPSHOT_KILLS * 5)
    expect(inside).toBeGreaterThan(0)
    report('row 3, on PostgreSQL', {
      kills: SNAPSHOT_KILLS,
      'of them inside a snapshot': inside,
      'snapshots that stood after them': kept.size,
      'edits lost': 0,
    })
  },
  60_000 + SNAPSHOT_KILLS * ROUND_LIMIT_MS,
)

test(
  'row 3: killed while it keeps a snapshot: the old one or the new one, and the log, on the embedded database',
  async () => {
    const random = seededRandom(SEED)
    const server = await ServerProcess.start()
    onTestFinished(() => server.remove())
    let inside = 0
    const office = new Office(server.url)
    onTestFinished(() => office.close())
    const typist = await office.sitDown(desks()[0])
    for (let round = 0; round < SNAPSHOT_KILLS; round++) {
      typist.type(5)
      await office.agree([typist])
      const stopped = server.kill('SIGTERM')
      await new Promise((resolve) => setTimeout(resolve, random.below(120)))
      await server.kill()
      if ((await stopped) === null) inside++
      await server.restart()
      await office.agree([typist])
    }
    expect(typist.marks).toHaveLength(SNAPSHOT_KILLS * 5)
    expect(inside).toBeGreaterThan(0)
    report('row 3, on the embedded database', {
      kills: SNAPSHOT_KILLS,
      'of them before the stop was through': inside,
      'edits lost': 0,
    })
  },
  60_000 + SNAPSHOT_KILLS * ROUND_LIMIT_MS,
)

test(
  'row 4: killed between two statements of a migration: the next start completes it',
  async () => {
    const random = seededRandom(SEED)
    const cluster = await PostgresCluster.start()
    onTestFinished(() => cluster.remove())
    const proxy = await TcpProxy.to(cluster.port, random)
    onTestFinished(() => proxy.close())
    const wanted = await cluster.createDatabase()
    expect((await runProgram('cli.ts', ['migrate'], { DATABASE_URL: wanted }).ended).code).toBe(0)
    const shape = [await cluster.sql('dongbo_0', TABLES), await cluster.sql('dongbo_0', MIGRATIONS)]
    const killedAt: number[] = []
    for (let round = 1; round <= MIGRATION_KILLS; round++) {
      const url = await cluster.createDatabase(proxy.port)
      // From the first answers of the handshake to beyond the last statement.
      const answers = 3 + random.below(70)
      const migrating = runProgram('cli.ts', ['migrate'], { DATABASE_URL: url })
      killAtAnswer(proxy, answers, () => migrating.child.kill('SIGKILL'))
      if ((await migrating.ended).code === null) killedAt.push(answers)
      proxy.replyFilter = () => 'pass'
      expect((await runProgram('cli.ts', ['migrate'], { DATABASE_URL: url }).ended).code).toBe(0)
      const name = `dongbo_${round}`
      expect([await cluster.sql(name, TABLES), await cluster.sql(name, MIGRATIONS)]).toEqual(shape)
    }
    expect(killedAt.length).toBeGreaterThan(0)
    report('row 4, on PostgreSQL', {
      'kills inside a migration': killedAt.length,
      'migrations completed': MIGRATION_KILLS,
    })
  },
  60_000 + MIGRATION_KILLS * ROUND_LIMIT_MS,
)

test(
  'row 4: killed while it makes its database: the next start makes it whole, on the embedded database',
  async () => {
    const random = seededRandom(SEED)
    const startedMs = performance.now()
    await (await ServerProcess.start()).remove()
    const usualMs = performance.now() - startedMs
    let killed = 0
    for (let round = 0; round < FIRST_START_KILLS; round++) {
      const folder = mkdtempSync(join(tmpdir(), 'dongbo-first-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      const seeding = runProgram('cli.ts', ['seed'], { DATA_DIR: folder })
      const timer = setTimeout(() => seeding.child.kill('SIGKILL'), random.below(Math.round(usualMs)))
      if ((await seeding.ended).code === null) killed++
      clearTimeout(timer)
      const again = await runProgram('cli.ts', ['migrate'], { DATA_DIR: folder }).ended
      expect(again).toMatchObject({ code: 0 })
    }
    expect(killed).toBeGreaterThan(0)
    report('row 4, on the embedded database', {
      'kills inside the first start': killed,
      'databases that stayed unusable': 0,
    })
  },
  60_000 + FIRST_START_KILLS * ROUND_LIMIT_MS,
)

test(
  `row 13: the last bytes of the database’s own log are torn off: what stands is a whole beginning, ${EMBEDDED.name} and ${POSTGRES.name}`,
  async () => {
    let lost = 0
    for (const engine of [EMBEDDED, POSTGRES]) lost += await tearTails(engine)
    // Zeros behind the last record tear nothing off: then nothing was shown.
    expect(lost).toBeGreaterThan(0)
  },
  60_000 + 2 * TORN_TAILS * ROUND_LIMIT_MS,
)

/** Returns how many edits the torn bytes were, which only their author still has. */
async function tearTails({ name, make }: Engine): Promise<number> {
  const random = seededRandom(SEED)
  const store = await make()
  onTestFinished(() => store.remove())
  const server = await ServerProcess.start(store.options)
  onTestFinished(() => server.remove())
  const office = new Office(server.url)
  onTestFinished(() => office.close())
  let lost = 0
  for (let round = 0; round < TORN_TAILS; round++) {
    const typist = await office.sitDown(desks()[0])
    for (let edits = 0; edits < 8; edits++) {
      typist.type(1)
      await office.agree([typist])
    }
    await server.kill()
    await store.crash()
    tearTail(store.walFolder(server.dataDir), 1 + random.below(200), random)
    await store.recover()
    await server.restart()
    const reader = await office.enter('coordinator@demo.dongbo')
    const stored = typist.marks.map((mark) => marksIn(reader).get(mark) ?? 0)
    office.leave(reader)
    const whole = stored.lastIndexOf(1) + 1
    // No hole and nothing twice: what is missing was written last.
    expect(stored).toEqual([...Array<number>(whole).fill(1), ...Array<number>(stored.length - whole).fill(0)])
    lost += stored.length - whole
    // Its author still has it.
    await office.agree([typist])
    office.leave(typist.tab)
  }
  report(`row 13, ${name}`, {
    'torn tails': TORN_TAILS,
    'edits torn off': lost,
    'of them lost while the author was there': 0,
  })
  return lost
}

/** Makes the last `count` bytes that were written unwritten: zeros, as in a preallocated file before the write. */
function tearTail(walFolder: string, count: number, random: Random): void {
  const segments = readdirSync(walFolder).filter((file) => /^[0-9A-F]{24}$/.test(file))
  for (const segment of segments.toSorted().toReversed()) {
    const path = join(walFolder, segment)
    const bytes = readFileSync(path)
    let end = bytes.length
    while (end > 0 && bytes[end - 1] === 0) end--
    if (end <= count) continue
    const file = openSync(path, 'r+')
    // Either cut off, or in part never written.
    const from = end - count
    writeSync(file, Buffer.alloc(1 + random.below(count)), 0, undefined, from)
    closeSync(file)
    return
  }
  throw new Error(`nothing to tear in ${walFolder}`)
}
