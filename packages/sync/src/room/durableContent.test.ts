import * as decoding from 'lib0/decoding'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import { seq, type StoredDocument } from '../ports/updateLog.ts'
import { DurableContent, readStateVector } from './durableContent.ts'

/** Several people write one document; what each emitted is an entry, what a replica held after it is remembered. */
class History {
  readonly doc = new Y.Doc()
  readonly entries: Uint8Array[] = []
  /** The whole state after so many entries. */
  readonly states: Uint8Array[] = [Uint8Array.of(0, 0)]
  readonly #authors: readonly Y.Doc[]
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
    this.#authors = Array.from({ length: 4 }, (_, index) => {
      const author = new Y.Doc()
      author.clientID = index + 1
      return author
    })
    this.doc.on('update', (update: Uint8Array) => this.entries.push(update))
  }

  write(): void {
    const author = this.#authors[this.#random.below(this.#authors.length)]
    if (author === undefined) throw new Error('there are four')
    const before = Y.encodeStateVector(author)
    const text = author.getText('text')
    const cells = author.getMap<unknown>('cells')
    switch (this.#random.below(4)) {
      case 0:
        text.insert(this.#random.below(text.length + 1), 'chữ '.repeat(1 + this.#random.below(3)))
        break
      case 1:
        if (text.length > 0) text.delete(this.#random.below(text.length), 1)
        break
      case 2:
        cells.set(`k${this.#random.below(5)}`, this.#random.below(100))
        break
      default:
        cells.delete(`k${this.#random.below(5)}`)
    }
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(author, before))
    // Some have read the others, some write beside them.
    if (this.#random.below(3) === 0) Y.applyUpdate(author, Y.encodeStateAsUpdate(this.doc))
    while (this.states.length <= this.entries.length) this.states.push(Y.encodeStateAsUpdate(this.doc))
  }
}

/** What a copy holds, its deletions included. */
const held = (doc: Y.Doc): string => Buffer.from(Y.encodeStateAsUpdate(doc)).toString('hex')

function hear(doc: Y.Doc, messages: readonly Uint8Array[]): void {
  for (const message of messages) {
    const decoder = decoding.createDecoder(message)
    decoding.readVarUint(decoder)
    decoding.readVarUint(decoder)
    Y.applyUpdate(doc, decoding.readVarUint8Array(decoder))
  }
}

const stored = (
  entries: readonly Uint8Array[],
  from: number,
  snapshot: StoredDocument['snapshot'],
): StoredDocument => ({
  generation: 'g',
  snapshot,
  tail: entries.slice(from).map((update, index) => ({ seq: seq(from + index + 1), update })),
  owners: [],
})

describe('bytes without a live document', () => {
  test.each(Array.from({ length: 25 }, (_, seed) => seed))(
    'seed %i: whoever comes with whatever ends with all of it, after any fold',
    (seed) => {
      const random = seededRandom(seed)
      const history = new History(random)
      let content: DurableContent | null = null
      for (let at = 0; at < 120; at++) {
        const before = history.entries.length
        history.write()
        const news = history.entries.slice(before).map((update, index) => ({
          seq: seq(before + index + 1),
          update,
          author: null,
        }))
        if (content === null) content = DurableContent.read(stored(history.entries, 0, null))
        else content.append(news)
        if (random.below(15) === 0) content.fold(Y.encodeStateAsUpdate(history.doc))
        const whole = held(history.doc)
        expect(Buffer.from(content.stateVector()), `seed ${seed}`).toEqual(
          Buffer.from(Y.encodeStateVector(history.doc)),
        )

        const newcomer = new Y.Doc()
        hear(newcomer, content.opening())
        expect(held(newcomer), `seed ${seed}, entry ${at}`).toBe(whole)

        // A copy of any age.
        const copy = new Y.Doc()
        Y.applyUpdate(copy, history.states[random.below(history.states.length)] ?? Uint8Array.of(0, 0))
        const vector = Y.encodeStateVector(copy)
        hear(copy, content.beyond(vector, readStateVector(vector) ?? new Map()))
        expect(held(copy), `seed ${seed}, entry ${at}`).toBe(whole)
      }
    },
  )

  test('a copy that has everything is told next to nothing, however large the base', () => {
    const doc = new Y.Doc()
    for (let i = 0; i < 500; i++) doc.getMap('cells').set(`k${i}`, 'x'.repeat(100))
    const base = Y.encodeStateAsUpdate(doc)
    const content = new DurableContent(base, seq(1))
    const vector = Y.encodeStateVector(doc)
    const told = content.beyond(vector, readStateVector(vector) ?? new Map())
    expect(told.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(20)
    expect(base.length).toBeGreaterThan(50_000)
  })

  test('everybody who opens the document is sent the same buffer', () => {
    const doc = new Y.Doc()
    doc.getMap('cells').set('a', 1)
    const content = new DurableContent(Y.encodeStateAsUpdate(doc), seq(1))
    const [first, second] = [content.opening(), content.opening()]
    expect(first.every((message, index) => message === second[index])).toBe(true)
  })

  test('from a snapshot with what came after it', () => {
    const history = new History(seededRandom(1))
    for (let i = 0; i < 40; i++) history.write()
    const half = Math.floor(history.entries.length / 2)
    const update = history.states[half] ?? Uint8Array.of(0, 0)
    const content = DurableContent.read(stored(history.entries, half, { upTo: seq(half), update }))
    const newcomer = new Y.Doc()
    hear(newcomer, content.opening())
    expect(held(newcomer)).toBe(held(history.doc))
    expect(content.upTo).toBe(history.entries.length)
  })

  test.each([
    ['an entry is missing', (entries: readonly Uint8Array[]) => stored(entries, 0, null).tail.toSpliced(3, 1)],
    [
      'an entry builds on what is not there',
      (entries: readonly Uint8Array[]) =>
        stored(entries, 0, null).tail.with(3, { seq: seq(4), update: Uint8Array.of(1, 1, 9, 5, 0, 1, 0) }),
    ],
    [
      'an entry is no update',
      (entries: readonly Uint8Array[]) =>
        stored(entries, 0, null).tail.with(3, { seq: seq(4), update: Uint8Array.of(9, 9) }),
    ],
  ])('%s: not read as something emptier than it is', (_what, damaged) => {
    const history = new History(seededRandom(2))
    for (let i = 0; i < 40; i++) history.write()
    const tail = damaged(history.entries)
    expect(() => DurableContent.read({ generation: 'g', snapshot: null, tail, owners: [] })).toThrow(
      expect.objectContaining({ name: 'UnreadableDocument' }),
    )
  })
})
