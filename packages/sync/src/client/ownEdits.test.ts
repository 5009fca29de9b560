import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { syncStep1Message, syncStep2Message, updateMessage } from '@dongbo/protocol/messages.ts'
import { OwnEdits, pathsOf, placesOf } from './ownEdits.ts'

const UPDATE = updateMessage(Uint8Array.of(0, 0))
const ANSWER = syncStep2Message(Uint8Array.of(0, 0))

/** A document whose edits are counted, as `Connection` wires it. */
function counted(): { readonly edits: OwnEdits; edit(key: string): void } {
  const doc = new Y.Doc()
  const edits = new OwnEdits()
  doc.on('update', (update: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) =>
    edits.add({ update, paths: pathsOf(transaction) }),
  )
  return { edits, edit: (key) => void doc.getMap('tasks').set(key, 1) }
}

describe('how many edits wait', () => {
  test('each message carries all edits before it, and `saved` is cumulative', () => {
    const { edits, edit } = counted()
    edits.socketOpened()
    edits.sent(ANSWER)
    for (const key of ['a', 'b', 'c']) {
      edit(key)
      edits.sent(UPDATE)
    }
    expect(edits.waiting).toBe(3)
    edits.saved(3)
    expect(edits.waiting).toBe(1)
    expect(placesOf(edits.unconfirmed)).toEqual([['tasks', 'c']])
    edits.saved(4)
    expect(edits.waiting).toBe(0)
    expect(placesOf(edits.unconfirmed)).toEqual([])
  })

  test('what was made offline waits, and one answer carries it all', () => {
    const { edits, edit } = counted()
    for (const key of ['a', 'b', 'c', 'd']) edit(key)
    expect(edits.waiting).toBe(4)
    edits.socketOpened()
    edits.sent(syncStep1Message(Uint8Array.of(0)))
    edits.sent(ANSWER)
    edits.saved(1)
    expect(edits.waiting).toBe(0)
  })

  test('what is typed before the server has heard of the offline edits confirms none of them', () => {
    const { edits, edit } = counted()
    edit('deleted offline')
    edits.socketOpened()
    edit('typed at once')
    edits.sent(UPDATE)
    edits.saved(1)
    expect(edits.waiting).toBe(2)
    edits.sent(ANSWER)
    edits.saved(2)
    expect(edits.waiting).toBe(0)
  })

  test('a socket that is cut off takes its counts with it', () => {
    const { edits, edit } = counted()
    edits.socketOpened()
    edits.sent(ANSWER)
    edit('a')
    edits.sent(UPDATE)
    edit('b')
    edits.sent(UPDATE)
    edits.saved(2)
    edits.socketOpened()
    // Late words of the old socket, or of a server that counts wrongly, confirm nothing.
    edits.saved(2)
    edits.saved(99)
    edits.saved(0)
    expect(edits.waiting).toBe(1)
    edits.sent(ANSWER)
    edits.saved(1)
    expect(edits.waiting).toBe(0)
  })

  test('presence and questions are no document messages', () => {
    const { edits, edit } = counted()
    edits.socketOpened()
    edits.sent(Uint8Array.of(1, 0))
    edits.sent(Uint8Array.of(3))
    edits.sent(syncStep1Message(Uint8Array.of(0)))
    edits.sent(ANSWER)
    edit('a')
    // As a view into a larger buffer, the way lib0 hands messages over.
    const pool = new Uint8Array(100)
    pool.set(UPDATE, 40)
    edits.sent(pool.subarray(40, 40 + UPDATE.length))
    edits.saved(2)
    expect(edits.waiting).toBe(0)
  })

  test('a place that was written again waits until the last edit is confirmed', () => {
    const { edits, edit } = counted()
    edits.socketOpened()
    edits.sent(ANSWER)
    edit('a')
    edits.sent(UPDATE)
    edit('a')
    edits.sent(UPDATE)
    edits.saved(2)
    expect(placesOf(edits.unconfirmed)).toEqual([['tasks', 'a']])
    edits.saved(3)
    expect(placesOf(edits.unconfirmed)).toEqual([])
  })
})
