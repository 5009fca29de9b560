import { instant } from '@dongbo/kernel/clock.ts'
import { parseDocumentName, type DocumentName } from '@dongbo/model/documentName.ts'
import { fencingToken, type Leases, type NodeId } from '@dongbo/sync/ports/leases.ts'
import { Fenced, seq, SequenceConflict, type LogEntry, type UpdateLog } from '@dongbo/sync/ports/updateLog.ts'
import { describe, expect, test } from 'vitest'

/** One store with as many nodes on it as a test wants. */
export interface LeaseTrial {
  leases(node: NodeId): Leases
  readonly log: UpdateLog
  /** Lets every lease run out by the store's clock. */
  lapse(): Promise<void>
}

const nodeId = (name: string): NodeId => name as NodeId

let documents = 0

function entry(document: DocumentName, position: number): LogEntry {
  const update = new Uint8Array([position])
  return { document, seq: seq(position), update, personId: null, bodyId: null, at: instant(0) }
}

/** The exam of every `Leases`, and of what the log makes of its tokens. */
export function leasesContract(adapter: string, open: () => Promise<LeaseTrial>): void {
  describe(`leases: ${adapter}`, () => {
    async function setUp() {
      const trial = await open()
      documents += 1
      const document = await created(trial.log, `matrix/leased-${documents}`)
      const here = trial.leases(nodeId(`here-${documents}`))
      const there = trial.leases(nodeId(`there-${documents}`))
      return { ...trial, document, here, there }
    }

    async function created(log: UpdateLog, text: string): Promise<DocumentName> {
      const name = parseDocumentName(text)
      if (!name.ok) throw new Error(name.error)
      await log.create(entry(name.value, 1), 'g1')
      return name.value
    }

    const write = async (
      { log, document }: { log: UpdateLog; document: DocumentName },
      position: number,
      token: number,
    ) =>
      await log.append({
        entries: [entry(document, position)],
        newOwners: [],
        fences: new Map([[document, fencingToken(token)]]),
      })

    test('the first who claims holds; the second is told who does; claiming again keeps the token', async () => {
      const { document, here, there } = await setUp()
      const lease = await here.claim(document)
      expect(lease).toEqual({ holder: here.node, token: 1 })
      expect(await there.claim(document)).toEqual(lease)
      expect(await here.claim(document)).toEqual(lease)
    })

    test('of many who claim at once one holds, and all are told the same', async () => {
      const { document, leases } = await setUp()
      const nodes = Array.from({ length: 8 }, (_, index) => leases(nodeId(`racer-${document}-${index}`)))
      const answers = await Promise.all(nodes.map(async (node) => await node.claim(document)))
      expect(new Set(answers.map((lease) => lease.holder)).size).toBe(1)
      expect(new Set(answers.map((lease) => lease.token))).toEqual(new Set([1]))
    })

    test('a lease that ran out by the store’s clock is the next one’s, under a greater token', async () => {
      const { document, here, there, lapse } = await setUp()
      await here.claim(document)
      await lapse()
      expect(await there.claim(document)).toEqual({ holder: there.node, token: 2 })
      expect(await here.claim(document)).toEqual({ holder: there.node, token: 2 })
    })

    test('who comes back after his lease ran out, and nobody wanted it, goes on under the same token', async () => {
      const { document, here, there, lapse } = await setUp()
      await here.claim(document)
      await lapse()
      expect(await here.claim(document)).toEqual({ holder: here.node, token: 1 })
      expect((await there.claim(document)).holder).toBe(here.node)
    })

    test('who seizes holds, whoever held; many who seize at once get different tokens', async () => {
      const { document, here, there, leases } = await setUp()
      await here.claim(document)
      expect(await there.seize(document)).toEqual({ holder: there.node, token: 2 })
      expect(await there.seize(document)).toEqual({ holder: there.node, token: 2 })
      const nodes = Array.from({ length: 5 }, (_, index) => leases(nodeId(`seizer-${document}-${index}`)))
      const answers = await Promise.all(nodes.map(async (node) => await node.seize(document)))
      expect(answers.map((lease) => lease.token).toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7])
      const last = answers.find((lease) => lease.token === 7)
      expect(await here.claim(document)).toEqual(last)
    })

    test('renewing prolongs what is still one’s own, and says what that is', async () => {
      const { document, here, there, log, lapse } = await setUp()
      const second = await created(log, `${document}-second`)
      const third = await created(log, `${document}-third`)
      for (const name of [document, second, third]) await here.claim(name)
      await there.seize(second)
      await here.release(third)
      await lapse()
      expect(await here.renew()).toEqual(new Set([document]))
      expect((await there.claim(document)).holder).toBe(here.node)
      expect(await there.renew()).toEqual(new Set([second]))
    })

    test('what was given up is anybody’s at once, and the token goes on growing, also for who gave it up', async () => {
      const { document, here, there } = await setUp()
      await here.claim(document)
      await there.release(document)
      expect((await there.claim(document)).holder).toBe(here.node)
      await here.release(document)
      expect(await here.renew()).toEqual(new Set())
      expect(await there.claim(document)).toEqual({ holder: there.node, token: 2 })
      await there.release(document)
      expect(await there.claim(document)).toEqual({ holder: there.node, token: 3 })
    })

    test('the holder writes', async () => {
      const { document, log, here, lapse } = await setUp()
      const { token } = await here.claim(document)
      await write({ log, document }, 2, token)
      // Run out, but nobody else’s: what it writes still comes after everything that was written.
      await lapse()
      await write({ log, document }, 3, token)
      expect(await log.heads([document])).toEqual(new Map([[document, 3]]))
    })

    test('an old token writes nothing of its batch, whether the position is free or taken', async () => {
      const { document, log, here, there } = await setUp()
      const bystander = await created(log, `${document}-bystander`)
      const old = await here.claim(document)
      const current = await there.seize(document)
      const batch = {
        entries: [entry(bystander, 2), entry(document, 2)],
        newOwners: [],
        fences: new Map([
          [document, old.token],
          [bystander, (await here.claim(bystander)).token],
        ]),
      }
      await expect(log.append(batch)).rejects.toBeInstanceOf(Fenced)
      expect(await log.heads([document, bystander])).toEqual(
        new Map([
          [document, 1],
          [bystander, 1],
        ]),
      )
      await write({ log, document }, 2, current.token)
      await expect(write({ log, document }, 2, old.token)).rejects.toBeInstanceOf(Fenced)
      await expect(write({ log, document }, 2, current.token)).rejects.toBeInstanceOf(SequenceConflict)
    })

    test('nobody writes under a token that was never given, or given up', async () => {
      const { document, log, here } = await setUp()
      await expect(write({ log, document }, 2, 1)).rejects.toBeInstanceOf(Fenced)
      const { token } = await here.claim(document)
      await expect(write({ log, document }, 2, token + 1)).rejects.toBeInstanceOf(Fenced)
      await here.release(document)
      await expect(write({ log, document }, 2, token)).rejects.toBeInstanceOf(Fenced)
      expect(await log.heads([document])).toEqual(new Map([[document, 1]]))
    })

    test('writes and a takeover at once: what the old holder wrote stands before what the new one finds', async () => {
      const { document, log, here, there } = await setUp()
      const { token } = await here.claim(document)
      const writes = Array.from({ length: 20 }, (_, index) => index + 2)
      const writing = (async () => {
        let written = 1
        for (const position of writes) {
          try {
            await write({ log, document }, position, token)
          } catch (error) {
            if (error instanceof Fenced) return written
            throw error
          }
          written = position
        }
        return written
      })()
      await log.heads([document])
      const lease = await there.seize(document)
      const found = (await log.heads([document])).get(document)
      expect(await writing).toBe(found)
      await write({ log, document }, (found ?? 0) + 1, lease.token)
    })
  })
}
