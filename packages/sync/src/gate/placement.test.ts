import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { letter, letters, officer, send, title, value } from '@dongbo/testkit/attacker.ts'
import { FILM, replicaOf, smallMatrix } from '@dongbo/testkit/matrices.ts'
import { planFacts, TOURISM } from '@dongbo/testkit/people.ts'
import { rawItem } from '@dongbo/testkit/rawUpdate.ts'
import { decideMatrixChanges } from './decideMatrixChanges.ts'
import { integrate } from './integrate.ts'
import { judge } from './judge.ts'

const OWN_CELL = `${FILM}:${TOURISM}`
const CROWD = 2_000

describe('far-off neighbours, named again and again', () => {
  test('under one key: a long line, and a crowd that wants to stand behind its first', () => {
    const matrix = smallMatrix()
    // Alternating client ids keep the line from being merged into one.
    const at = (index: number) => Y.createID(1_001 + (index % 2), index >> 1)
    const line = Array.from({ length: CROWD }, (_, index) =>
      rawItem(at(index).client, at(index).clock, value(['inform']), {
        ...(index === 0 ? { parent: 'roles', key: OWN_CELL } : { origin: at(index - 1) }),
      }),
    )
    const replaced = [{ clock: 0, len: CROWD / 2 - 1 }]
    expect(send(matrix, line, new Map([1_001, 1_002].map((client) => [client, replaced])))).toBe('in')
    const crowd = Array.from({ length: CROWD }, (_, clock) =>
      rawItem(9_999, clock, value(['inform']), { origin: at(0) }),
    )
    expect(send(matrix, crowd, new Map([[9_999, [{ clock: 0, len: CROWD - 1 }]]]))).toBe('unresolvable')
    // One who did not know of the rest of the line is an honest latecomer.
    expect(send(matrix, crowd.slice(0, 1))).toBe('in')
  })

  test('more living values under one key than an honest update leaves', () => {
    const matrix = smallMatrix()
    const values = Array.from({ length: 17 }, (_, clock) =>
      rawItem(9_999, clock, value(['inform']), {
        ...(clock === 0 ? { parent: 'roles', key: OWN_CELL } : { origin: Y.createID(9_999, clock - 1) }),
      }),
    )
    expect(send(matrix, values)).toBe('unresolvable')
    expect(send(matrix, values, new Map([[9_999, [{ clock: 0, len: 16 }]]]))).toBe('in')
    expect(matrix.roles.get(OWN_CELL)).toEqual(['inform'])
  })

  test('in a text: a crowd that wants to stand behind one letter, each with another right neighbour', () => {
    const matrix = smallMatrix()
    const text = title(matrix, FILM)
    const line = Array.from({ length: 500 }, (_, clock) =>
      rawItem(7_001, clock, letters('x'), { origin: letter(text, 2), rightOrigin: letter(text, 3) }),
    )
    const crowd = Array.from({ length: 500 }, (_, clock) =>
      rawItem(7_001, 500 + clock, letters('y'), { origin: letter(text, 2), rightOrigin: letter(text, 12) }),
    )
    expect(send(matrix, [...line, ...crowd])).toBe('unresolvable')
    expect(send(matrix, [...line, ...crowd].slice(0, 100))).toBe('in')
  })
})

test('a day of scattered work offline, beside a day of others’ work on the same text, comes in', () => {
  const server = smallMatrix()
  const here = replicaOf(server, 501)
  const there = replicaOf(server, 502)
  const random = seededRandom(3)
  for (const replica of [here, there]) {
    const text = title(replica, FILM)
    for (let edit = 0; edit < 1_200; edit++) {
      const index = random.below(text.length + 1)
      if (random.below(3) === 0 && index < text.length) text.delete(index, 1)
      else text.insert(index, 'abc')
    }
  }
  for (const replica of [there, here]) {
    const update = Y.encodeStateAsUpdate(replica.doc, Y.encodeStateVector(server.doc))
    const decide = decideMatrixChanges(server, officer, planFacts())
    const verdict = judge(server.doc, update, officer.personId, new Map(), decide)
    expect(verdict).toMatchObject({ ok: true })
    if (verdict.ok) expect(integrate(server.doc, verdict.value.update, verdict.value.changes, null).faithful).toBe(true)
  }
  for (const replica of [here, there]) Y.applyUpdate(replica.doc, Y.encodeStateAsUpdate(server.doc))
  expect(title(here, FILM).toString()).toBe(title(server, FILM).toString())
})
