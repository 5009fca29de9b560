import { expect, test } from 'vitest'
import { cursorRecord, people, placedPeers } from './presence.ts'

const peer = (id: number, personId: string, cursor: Record<string, string | number | null> | null) => ({
  id,
  personId,
  name: `Chuyên viên ${personId}`,
  bodyId: 'sdl',
  cursor,
})

test('a cursor comes back from the wire as it was said', () => {
  const cursor = { task: 'NV-I-1', column: 'sdl', typing: null }
  expect(placedPeers([peer(1, 'a', cursorRecord(cursor))])[0]?.cursor).toEqual(cursor)
})

test('what is not a place is left out', () => {
  const odd = [peer(1, 'a', null), peer(2, 'b', { task: 7, column: 'sdl' }), peer(3, 'c', { task: 'NV-I-1' })]
  expect(placedPeers(odd)).toEqual([])
})

test('somebody with two tabs is one person', () => {
  expect(people([peer(1, 'a', null), peer(2, 'a', null), peer(3, 'b', null)]).map((one) => one.personId)).toEqual([
    'a',
    'b',
  ])
})
