import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { instant } from '@dongbo/kernel/clock.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { parseDocumentName, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type BodyId, type PersonId } from '@dongbo/model/ids.ts'
import type { History, HistoryEntry } from '@dongbo/sync/ports/history.ts'
import { seq, type LogEntry, type UpdateLog } from '@dongbo/sync/ports/updateLog.ts'
import { compactHistory } from '@dongbo/sync/room/compactHistory.ts'
import { replay } from '@dongbo/sync/room/replay.ts'
import { DurableContent } from '@dongbo/sync/room/durableContent.ts'

/** One store, and how to damage it. */
export interface HistoryTrial {
  readonly log: UpdateLog
  readonly history: History
  damageSnapshots(document: DocumentName): Promise<void>
  damageCompact(document: DocumentName, from: number): Promise<void>
}

const MORNING = Date.UTC(2026, 10, 24, 1)
const AUTHORS = ['svhtt-officer', 'sdl-officer', 'sct-officer'].map((id) => trustedId<PersonId>(id))

let documents = 0

function newName(): DocumentName {
  documents += 1
  const name = parseDocumentName(`matrix/history-${documents}`)
  if (!name.ok) throw new Error(name.error)
  return name.value
}

/** The exam of every `History`, with what compacts it. */
export function historyContract(adapter: string, open: () => Promise<HistoryTrial>): void {
  describe(`history: ${adapter}`, () => {
    /** A document that three people have typed in for a while, with its snapshots, as a server leaves it. */
    async function typedIn(seed: number, entries = 300, turn = 7) {
      const trial = await open()
      const name = newName()
      const random = seededRandom(seed)
      const doc = new Y.Doc()
      const authors = AUTHORS.map((personId) => ({ personId, copy: new Y.Doc() }))
      const emitted: Uint8Array[] = []
      doc.on('update', (update: Uint8Array) => emitted.push(update))
      let at = MORNING
      const written: LogEntry[] = []
      const words: string[] = []
      const write = async (count: number) => {
        const fresh: LogEntry[] = []
        for (let done = 0; done < count; done++) {
          const position = written.length + fresh.length
          const { personId, copy } = authors[Math.floor(position / turn) % authors.length] ?? neverNull()
          Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(copy)))
          if (position === 0) copy.getMap<Y.Text>('tasks').set('note', new Y.Text())
          const text = copy.getMap<Y.Text>('tasks').get('note')
          const before = Y.encodeStateVector(doc)
          if (text === undefined) throw new Error('it was set')
          const isDeleting = text.length > 5 && random.below(4) === 0
          if (isDeleting) text.delete(random.below(text.length - 3), 1 + random.below(3))
          else {
            const word = `w${written.length + fresh.length} `
            words.push(word)
            text.insert(random.below(text.length + 1), word)
          }
          Y.applyUpdate(doc, Y.encodeStateAsUpdate(copy, before))
          at += random.below(20_000)
          const [update] = emitted.splice(0)
          if (update === undefined) throw new Error('it changed something')
          fresh.push({
            document: name,
            seq: seq(written.length + fresh.length + 1),
            update,
            personId,
            bodyId: trustedId<BodyId>('svhtt'),
            at: instant(at),
          })
        }
        if (written.length === 0) {
          const [first, ...rest] = fresh
          if (first === undefined) throw new Error('there is one')
          await trial.log.create(first, 'g')
          await trial.log.append({ entries: rest, newOwners: [] })
        } else await trial.log.append({ entries: fresh, newOwners: [] })
        written.push(...fresh)
      }
      const snapshot = async () => await trial.log.saveSnapshot(name, seq(written.length), Y.encodeStateAsUpdate(doc))
      await write(entries)
      return { ...trial, name, doc, written, words, write, snapshot }
    }

    const noteOf = (doc: Y.Doc): string => doc.getMap<Y.Text>('tasks').get('note')?.toJSON() ?? ''

    test('who wrote what and when is told entry by entry', async () => {
      const { history, name, written } = await typedIn(1, 20)
      const stored = await history.read(name)
      expect(stored?.compact).toEqual([])
      expect(stored?.entries).toEqual(
        written.map(({ seq: at, update, personId, bodyId, at: time }) => ({
          ...{ from: at, to: at, update, personId, bodyId, fromAt: time, toAt: time },
        })),
      )
      expect(await history.read(newName())).toBeNull()
    })

    test.each([1, 2, 3, 4, 5])(
      'seed %i: entries before the older snapshot become one row an author and minute; nothing else changes',
      async (seed) => {
        const { log, history, name, doc, written, words, write, snapshot, damageSnapshots } = await typedIn(seed)
        const oldWords = [...words]
        await snapshot()
        await write(40)
        await snapshot()
        await write(15)
        expect(await compactHistory(history, name)).toMatchObject({ as: 'compacted', entries: 300 })
        const stored = await history.read(name)
        if (stored === null) throw new Error('it was created')
        expect(stored.entries.map(({ from }) => from)).toEqual(written.slice(300).map((entry) => entry.seq))
        expect(stored.compact.length).toBeLessThan(150)
        expectOneRowAnAuthorAndMinute(stored.compact, written.slice(0, 300))
        // Every word that was ever written stands in the history, deleted ones too.
        const kept = stored.compact.map(({ update }) => new TextDecoder().decode(update)).join('')
        expect(oldWords.filter((word) => !kept.includes(word))).toEqual([])

        expect(await log.heads([name])).toEqual(new Map([[name, 355]]))
        expect((await log.entriesAfter(name, seq(300))).map((entry) => entry.seq)).toEqual(
          written.slice(300).map((entry) => entry.seq),
        )
        await expect(log.entriesAfter(name, seq(299))).rejects.toThrow('entry 300')
        const loaded = await log.load(name)
        expect(loaded?.snapshot?.upTo).toBe(340)
        await damageSnapshots(name)
        const whole = await log.load(name)
        if (whole === null) throw new Error('it was created')
        expect(whole.snapshot).toBeNull()
        const { doc: replayed, upTo } = replay(whole)
        expect([noteOf(replayed), upTo]).toEqual([noteOf(doc), 355])
        const content = DurableContent.read(whole)
        expect(content.upTo).toBe(355)
        expect(Y.decodeStateVector(content.stateVector())).toEqual(Y.decodeStateVector(Y.encodeStateVector(doc)))
      },
    )

    test.each([21, 22, 23])(
      'seed %i: people who type at the same time, letter by letter, are merged too',
      async (seed) => {
        const { log, history, name, doc, written, write, snapshot, damageSnapshots } = await typedIn(seed, 400, 1)
        await snapshot()
        await write(20)
        await snapshot()
        expect(await compactHistory(history, name)).toMatchObject({ as: 'compacted', entries: 400 })
        const compact = (await history.read(name))?.compact ?? neverNull()
        expectOneRowAnAuthorAndMinute(compact, written.slice(0, 400))
        await damageSnapshots(name)
        const whole = (await log.load(name)) ?? neverNull()
        const replayed = replay(whole).doc
        expect(noteOf(replayed)).toBe(noteOf(doc))
        expect(Y.equalSnapshots(Y.snapshot(replayed), Y.snapshot(doc))).toBe(true)
        expect(noteOf(applied(DurableContent.read(whole)))).toBe(noteOf(doc))
      },
    )

    test('what is compact already stays, and what was written since follows it', async () => {
      const { log, history, name, doc, write, snapshot, damageSnapshots } = await typedIn(9)
      await snapshot()
      await write(50)
      await snapshot()
      await compactHistory(history, name)
      const once = await history.read(name)
      expect(await compactHistory(history, name)).toEqual({ as: 'nothing-to-do' })
      await write(60)
      await snapshot()
      expect(await compactHistory(history, name)).toMatchObject({ as: 'compacted', entries: 50 })
      const twice = await history.read(name)
      expect(twice?.compact.slice(0, once?.compact.length)).toEqual(once?.compact)
      await damageSnapshots(name)
      const whole = await log.load(name)
      expect(noteOf(replay(whole ?? neverNull()).doc)).toBe(noteOf(doc))
    })

    test('without two snapshots behind it nothing is compacted', async () => {
      const { history, name, snapshot, written } = await typedIn(10, 60)
      expect(await compactHistory(history, name)).toEqual({ as: 'nothing-to-do' })
      await snapshot()
      expect(await compactHistory(history, name)).toEqual({ as: 'nothing-to-do' })
      await expect(history.compact(name, [rowOf(written, 1, 60)])).rejects.toThrow('two snapshots')
      expect((await history.read(name))?.entries).toHaveLength(60)
      expect(await compactHistory(history, newName())).toEqual({ as: 'no-such-document' })
    })

    test('where a snapshot shows something else than the log, nothing is touched', async () => {
      const { log, history, name, written, write, snapshot } = await typedIn(11, 60)
      const other = new Y.Doc()
      other.getMap('tasks').set('note', new Y.Text('something else'))
      await log.saveSnapshot(name, seq(60), Y.encodeStateAsUpdate(other))
      await write(20)
      await snapshot()
      expect(await compactHistory(history, name)).toEqual({ as: 'differs' })
      expect((await history.read(name))?.entries).toHaveLength(written.length)
    })

    test('rows that leave a hole, overlap or stand for what is not there are refused, and nothing is written', async () => {
      const { history, name, written, write, snapshot } = await typedIn(12, 60)
      await snapshot()
      await write(10)
      await snapshot()
      for (const rows of [
        [rowOf(written, 2, 60)],
        [rowOf(written, 1, 30), rowOf(written, 32, 60)],
        [rowOf(written, 1, 30), rowOf(written, 30, 60)],
        [rowOf(written, 1, 65)],
      ]) {
        await expect(history.compact(name, rows)).rejects.toThrow()
      }
      const stored = await history.read(name)
      expect([stored?.compact.length, stored?.entries.length]).toEqual([0, 70])
    })

    test('of two who compact at once one does, and nothing is lost', async () => {
      const { log, history, name, doc, write, snapshot, damageSnapshots } = await typedIn(13)
      await snapshot()
      await write(10)
      await snapshot()
      const both = await Promise.allSettled([compactHistory(history, name), compactHistory(history, name)])
      expect(both.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
      await damageSnapshots(name)
      expect(noteOf(replay((await log.load(name)) ?? neverNull()).doc)).toBe(noteOf(doc))
    })

    test('a damaged compact row is refused, never loaded', async () => {
      const { log, history, name, write, snapshot, damageSnapshots, damageCompact } = await typedIn(14)
      await snapshot()
      await write(10)
      await snapshot()
      await compactHistory(history, name)
      await damageCompact(name, 1)
      await expect(history.read(name)).rejects.toThrow('checksum')
      // The snapshots bridge it.
      expect((await log.load(name))?.snapshot?.upTo).toBe(310)
      await damageSnapshots(name)
      await expect(log.load(name)).rejects.toThrow('checksum')
    })
  })
}

function applied(content: DurableContent): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, content.base)
  for (const { update } of content.tail) Y.applyUpdate(doc, update)
  return doc
}

function expectOneRowAnAuthorAndMinute(compact: readonly HistoryEntry[], written: readonly LogEntry[]): void {
  const minuteOf = (at: number): number => Math.floor(at / 60_000)
  const keyOf = (personId: PersonId | null, at: number): string => `${personId} ${minuteOf(at)}`
  const works = Map.groupBy(written, ({ personId, at }) => keyOf(personId, at))
  expect(compact).toHaveLength(works.size)
  for (const { from, to, personId, bodyId, fromAt, toAt } of compact) {
    const work = works.get(keyOf(personId, fromAt)) ?? neverNull()
    expect([work.length, work[0]?.at, work.at(-1)?.at]).toEqual([to - from + 1, fromAt, toAt])
    expect(new Set(work.map((entry) => entry.bodyId))).toEqual(new Set([bodyId]))
  }
}

function rowOf(written: readonly LogEntry[], from: number, to: number): HistoryEntry {
  const updates = written.slice(from - 1, to).map(({ update }) => update)
  const at = instant(MORNING)
  const update = Y.mergeUpdates(updates)
  return { from: seq(from), to: seq(to), update, personId: null, bodyId: null, fromAt: at, toAt: at }
}

function neverNull(): never {
  throw new Error('it was created')
}
