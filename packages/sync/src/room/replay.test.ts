import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { openMatrix } from '@dongbo/model/matrix/shape.ts'
import { FILM, smallMatrix } from '@dongbo/testkit/matrices.ts'
import { encodeRaw, NO_DELETES } from '@dongbo/testkit/rawUpdate.ts'
import { seq, type StoredDocument } from '../ports/updateLog.ts'
import { checkedSnapshot, replay } from './replay.ts'

/** A document of so many entries, and what it shows after each. */
function history(entries: number): {
  readonly tail: StoredDocument['tail']
  readonly shown: readonly unknown[]
  readonly doc: Y.Doc
} {
  const matrix = smallMatrix()
  const updates = [Y.encodeStateAsUpdate(matrix.doc)]
  const shown: unknown[] = [matrix.doc.toJSON()]
  matrix.doc.on('update', (update: Uint8Array) => updates.push(update))
  for (let i = 1; i < entries; i++) {
    setTaskValue(matrix, FILM, 'progressPct', i, null)
    shown.push(matrix.doc.toJSON())
  }
  return { tail: updates.map((update, index) => ({ seq: seq(index + 1), update })), shown, doc: matrix.doc }
}

const stored = (differs: Partial<StoredDocument>): StoredDocument => ({
  generation: 'g',
  snapshot: null,
  tail: [],
  owners: [],
  ...differs,
})

describe('a document is built from its log', () => {
  test('from the whole log, and from a snapshot with what came after it', () => {
    const { tail, shown, doc } = history(6)
    const whole = replay(stored({ tail }))
    expect(whole.upTo).toBe(6)
    expect(openMatrix(whole.doc).doc.toJSON()).toEqual(shown.at(-1))
    const half = replay(stored({ tail: tail.slice(0, 3) }))
    const update = checkedSnapshot(half.doc)
    if (update === null) throw new Error('a sound document has a snapshot')
    const both = replay(stored({ snapshot: { upTo: seq(3), update }, tail: tail.slice(3) }))
    expect(Y.encodeStateAsUpdate(both.doc)).toEqual(Y.encodeStateAsUpdate(doc))
  })

  test.each([
    ['an entry is missing in the middle', (tail: StoredDocument['tail']) => tail.toSpliced(2, 1)],
    ['the first entry is missing', (tail: StoredDocument['tail']) => tail.slice(1)],
    ['an entry stands twice', (tail: StoredDocument['tail']) => tail.toSpliced(2, 0, ...tail.slice(2, 3))],
    [
      'an entry does not load',
      (tail: StoredDocument['tail']) => tail.with(2, { seq: seq(3), update: Uint8Array.of(9, 9) }),
    ],
    [
      'an entry builds on what is not there',
      (tail: StoredDocument['tail']) => tail.with(2, { seq: seq(3), update: Uint8Array.of(1, 1, 9, 5, 0, 1, 0) }),
    ],
  ])('%s: not opened as something emptier than it is', (_what, damage) => {
    const { tail } = history(5)
    expect(() => replay(stored({ tail: damage(tail) }))).toThrow(
      expect.objectContaining({ name: 'UnreadableDocument' }),
    )
  })
})

describe('a snapshot is checked before anything relies on it', () => {
  test('a sound document gives the bytes of its state', () => {
    const { doc } = history(4)
    expect(checkedSnapshot(doc)).toEqual(Y.encodeStateAsUpdate(doc))
  })

  test('a document that would not load to the same gives none', () => {
    const { doc } = history(4)
    // A dead struct of no length, which Yjs takes without a word and from then on never loads again.
    Y.applyUpdate(doc, Uint8Array.of(1, 1, 9, 0, 0, 0, 0))
    expect(checkedSnapshot(doc)).toBeNull()
  })
})

test('dead ticks that Yjs joins only when it loads them are no damage', () => {
  const doc = new Y.Doc()
  // Two runs side by side under one client id, as two deletions leave them.
  for (const [clock, length] of [
    [0, 10],
    [10, 2],
  ] as const) {
    Y.applyUpdate(doc, encodeRaw({ structs: [new Y.GC(Y.createID(7, clock), length)], deletes: NO_DELETES }))
  }
  const dead = doc.store.clients.get(7)
  if (dead === undefined) throw new Error('they are there')
  dead.splice(0, dead.length, new Y.GC(Y.createID(7, 0), 10), new Y.GC(Y.createID(7, 10), 2))
  doc.getMap('tasks').set('x', 1)
  const snapshot = checkedSnapshot(doc)
  const copy = new Y.Doc()
  if (snapshot !== null) Y.applyUpdate(copy, snapshot)
  expect(Y.getState(copy.store, 7)).toBe(12)
  expect(copy.getMap('tasks').toJSON()).toEqual({ x: 1 })
})
