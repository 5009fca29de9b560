import { instant } from '@dongbo/kernel/clock.ts'
import { parseDocumentName, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type BodyId, type PersonId } from '@dongbo/model/ids.ts'
import { seq, SequenceConflict, type LogEntry, type UpdateLog } from '@dongbo/sync/ports/updateLog.ts'
import { describe, expect, test } from 'vitest'

const OFFICER = trustedId<PersonId>('svhtt-officer')
const OTHER_OFFICER = trustedId<PersonId>('sdl-officer')
const AT = instant(Date.UTC(2026, 10, 23, 2))

let documents = 0

/** A name that no other test of this process uses: the tests of an adapter share its store. */
function newName(): DocumentName {
  documents += 1
  const name = parseDocumentName(`matrix/plan-${documents}`)
  if (!name.ok) throw new Error(name.error)
  return name.value
}

function entry(document: DocumentName, position: number, bytes: readonly number[] = [position]): LogEntry {
  return {
    document,
    seq: seq(position),
    update: new Uint8Array(bytes),
    personId: OFFICER,
    bodyId: trustedId<BodyId>('svhtt'),
    at: AT,
  }
}

/** The exam of every `UpdateLog`. `open` hands out the store under trial, the same one or a new one each time. */
export function updateLogContract(adapter: string, open: () => Promise<UpdateLog>): void {
  describe(`update log: ${adapter}`, () => {
    async function created(): Promise<{ log: UpdateLog; name: DocumentName }> {
      const log = await open()
      const name = newName()
      expect(await log.create(entry(name, 1), 'g1')).toBe(true)
      return { log, name }
    }

    test('a document that was never created is null', async () => {
      const log = await open()
      expect(await log.load(newName())).toBeNull()
    })

    test('what is appended is loaded, in order, byte by byte', async () => {
      const { log, name } = await created()
      const every = Array.from({ length: 256 }, (_, byte) => byte)
      await log.append({ entries: [entry(name, 2, every), entry(name, 3, [0])], newOwners: [] })
      await log.append({ entries: [entry(name, 4)], newOwners: [] })
      const stored = await log.load(name)
      expect(stored?.generation).toBe('g1')
      expect(stored?.snapshot).toBeNull()
      expect(stored?.tail).toEqual([
        { seq: 1, update: new Uint8Array([1]) },
        { seq: 2, update: new Uint8Array(every) },
        { seq: 3, update: new Uint8Array([0]) },
        { seq: 4, update: new Uint8Array([4]) },
      ])
    })

    test('a document is created once', async () => {
      const { log, name } = await created()
      expect(await log.create(entry(name, 1, [9]), 'g2')).toBe(false)
      const stored = await log.load(name)
      expect(stored?.generation).toBe('g1')
      expect(stored?.tail).toEqual([{ seq: 1, update: new Uint8Array([1]) }])
    })

    test('a taken position is a conflict and nothing of the batch is written', async () => {
      const { log, name } = await created()
      const { name: bystander } = await createdIn(log)
      await log.append({ entries: [entry(name, 2)], newOwners: [] })
      const batch = {
        entries: [entry(bystander, 2), entry(name, 2, [99])],
        newOwners: [{ document: bystander, clientId: 7, personId: OFFICER }],
      }
      await expect(log.append(batch)).rejects.toBeInstanceOf(SequenceConflict)
      expect((await log.load(bystander))?.tail).toHaveLength(1)
      expect((await log.load(bystander))?.owners).toEqual([])
      expect((await log.load(name))?.tail.at(-1)?.update).toEqual(new Uint8Array([2]))
    })

    test('nobody leaves a hole: behind entries that the store does not have nothing is written, nor what came with it', async () => {
      const { log, name } = await created()
      const { name: bystander } = await createdIn(log)
      const owner = { document: name, clientId: 9, personId: OFFICER }
      for (const newOwners of [[], [owner]]) {
        const batch = { entries: [entry(bystander, 2), entry(name, 4)], newOwners }
        await expect(log.append(batch)).rejects.toThrow()
        expect((await log.load(name))?.tail).toHaveLength(1)
        expect((await log.load(bystander))?.tail).toHaveLength(1)
        expect((await log.load(name))?.owners).toEqual([])
      }
    })

    test('a document that does not exist takes no entries', async () => {
      const log = await open()
      const name = newName()
      await expect(log.append({ entries: [entry(name, 1)], newOwners: [] })).rejects.toThrow()
      expect(await log.load(name)).toBeNull()
    })

    test('a client id stays with its first owner', async () => {
      const { log, name } = await created()
      const owner = { document: name, clientId: 4_294_967_295, personId: OFFICER }
      await log.append({ entries: [entry(name, 2)], newOwners: [owner] })
      await log.append({ entries: [entry(name, 3)], newOwners: [owner, { ...owner, clientId: 1 }] })
      const stolen = { entries: [entry(name, 4)], newOwners: [{ ...owner, personId: OTHER_OFFICER }] }
      await expect(log.append(stolen)).rejects.toBeInstanceOf(SequenceConflict)
      const stored = await log.load(name)
      expect(stored?.tail).toHaveLength(3)
      expect(stored?.owners.toSorted((a, b) => a.clientId - b.clientId)).toEqual([
        { clientId: 1, personId: OFFICER },
        { clientId: 4_294_967_295, personId: OFFICER },
      ])
    })

    test('loading starts at the newest snapshot, and an older one never replaces it', async () => {
      const { log, name } = await created()
      await log.append({ entries: [entry(name, 2), entry(name, 3), entry(name, 4)], newOwners: [] })
      await log.saveSnapshot(name, seq(3), new Uint8Array([1, 2, 3]))
      await log.saveSnapshot(name, seq(2), new Uint8Array([1, 2]))
      const stored = await log.load(name)
      expect(stored?.snapshot).toEqual({ upTo: 3, update: new Uint8Array([1, 2, 3]) })
      expect(stored?.tail).toEqual([{ seq: 4, update: new Uint8Array([4]) }])
      await log.saveSnapshot(name, seq(4), new Uint8Array([1, 2, 3, 4]))
      expect((await log.load(name))?.snapshot?.upTo).toBe(4)
      expect((await log.load(name))?.tail).toEqual([])
    })

    test('a batch holds thousands of entries', async () => {
      const { log, name } = await created()
      const many = Array.from({ length: 2_500 }, (_, index) => entry(name, index + 2, [index % 256, index >> 8]))
      await log.append({ entries: many, newOwners: [] })
      const stored = await log.load(name)
      expect(stored?.tail).toHaveLength(2_501)
      expect(stored?.tail.at(-1)).toEqual({ seq: 2_501, update: new Uint8Array([2_499 % 256, 2_499 >> 8]) })
    })

    test('what another node has written is read from behind a position', async () => {
      const { log, name } = await created()
      const { name: second } = await createdIn(log)
      await log.append({ entries: [entry(name, 2), entry(name, 3)], newOwners: [] })
      await log.saveSnapshot(name, seq(3), new Uint8Array([1, 2, 3]))
      expect(await log.entriesAfter(name, seq(1))).toEqual([
        { seq: 2, update: new Uint8Array([2]) },
        { seq: 3, update: new Uint8Array([3]) },
      ])
      expect(await log.entriesAfter(name, seq(3))).toEqual([])
      expect(await log.heads([name, second, newName()])).toEqual(
        new Map([
          [name, 3],
          [second, 1],
        ]),
      )
      expect(await log.heads([])).toEqual(new Map())
    })

    test('every document is listed', async () => {
      const { log, name } = await created()
      const { name: second } = await createdIn(log)
      const listed = await log.list()
      expect(listed).toContain(name)
      expect(listed).toContain(second)
    })

    async function createdIn(log: UpdateLog): Promise<{ name: DocumentName }> {
      const name = newName()
      await log.create(entry(name, 1), 'g1')
      return { name }
    }
  })
}
