// A disk that is full to the last byte, for real: a small file system in memory.
import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import { isSaved, until } from '@dongbo/testkit/liveTab.ts'
import { ServerProcess, type ServerOptions } from '@dongbo/testkit/serverProcess.ts'
import { expect, onTestFinished, test } from 'vitest'
import { desks, expectOnce, marksIn } from './marks.ts'
import { acknowledges, keepTyping, Office } from './office.ts'
import { PostgresCluster } from './postgresCluster.ts'
import { report, SEED } from './settings.ts'
import { SmallDisk } from './smallDisk.ts'
import { LARGEST_PADDING_UNITS } from './typist.ts'

interface Full {
  readonly name: string
  readonly sizeMiB: number
  readonly make: (disk: SmallDisk) => Promise<{ options: ServerOptions; remove: () => Promise<void> }>
}

const STORES: readonly Full[] = [
  {
    name: 'on the embedded database',
    sizeMiB: 160,
    make: async (disk) => ({
      options: { env: { DATA_DIR: `${disk.folder}/data` } },
      remove: async () => undefined,
    }),
  },
  {
    name: 'on PostgreSQL',
    sizeMiB: 160,
    make: async (disk) => {
      const cluster = await PostgresCluster.start({ folder: disk.folder })
      const options = { databaseUrl: await cluster.createDatabase() }
      return { options, remove: async () => await cluster.remove() }
    },
  },
]

/** Until the disk has room again people type this much, so that whatever was set aside for the log is used up. */
const TYPED_INTO_FULL_DISK = 20_000_000
const RECOVERY_LIMIT_MS = 10_000

for (const { name, sizeMiB, make } of STORES) {
  test(`rows 9, 79: the disk is full: nothing is called saved that is not, and it goes on when there is room, ${name}`, async () => {
    const disk = new SmallDisk(sizeMiB)
    onTestFinished(() => disk.remove())
    const store = await make(disk)
    onTestFinished(() => store.remove())
    const server = await ServerProcess.start(store.options)
    onTestFinished(() => server.remove())
    const office = new Office(server.url)
    onTestFinished(() => office.close())
    const random = seededRandom(SEED)
    const [desk] = desks()
    const typist = await office.sitDown(desk)
    const stop = keepTyping([typist], random)
    await acknowledges(typist, 20)
    stop()
    disk.fill()
    // Large marks, until the store can take no more.
    let written = 0
    for (; written < TYPED_INTO_FULL_DISK && typist.tab.view.save.at !== 'offline'; written += LARGEST_PADDING_UNITS) {
      typist.type(1, incompressible(random))
      await until(typist.tab, (view) => view.save.at === 'offline' || isSaved(view))
    }
    expect(typist.tab.view.save.at).toBe('offline')
    const promised = [...typist.acknowledged]
    const waiting = typist.waiting.length
    expect(waiting).toBeGreaterThan(0)
    typist.type(5)
    expect(server.isRunning).toBe(true)

    disk.free()
    const freedMs = performance.now()
    typist.tab.retry()
    await until(typist.tab, isSaved)
    const recoveredMs = performance.now() - freedMs
    expect(recoveredMs).toBeLessThan(RECOVERY_LIMIT_MS)
    // Only what survives a kill was saved.
    await server.kill()
    await server.restart()
    const reader = await office.enter('coordinator@demo.dongbo')
    expectOnce(promised, marksIn(reader))
    expectOnce(typist.marks, marksIn(reader))
    report(`row 9, ${name}`, {
      'KB written into the full disk before it refused': Math.round(written / 1_000),
      'edits acknowledged and lost': 0,
      'edits kept by the tab meanwhile': waiting + 5,
      'ms to recover': Math.round(recoveredMs),
    })
  })
}

/** Letters by chance: the database packs what repeats. */
function incompressible(random: Random): string {
  let text = ''
  while (text.length < LARGEST_PADDING_UNITS) text += random.below(2 ** 32).toString(36)
  return text.slice(0, LARGEST_PADDING_UNITS)
}
