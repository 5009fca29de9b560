import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { first, letter, letters, ME, officer, row, send, title, value } from '@dongbo/testkit/attacker.ts'
import { FAIR, FILM, smallMatrix } from '@dongbo/testkit/matrices.ts'
import { planFacts, TOURISM } from '@dongbo/testkit/people.ts'
import { encodeRaw, idOf, idUnder, NO_DELETES, rawItem } from '@dongbo/testkit/rawUpdate.ts'
import { decideMatrixChanges } from './decideMatrixChanges.ts'
import { integrate } from './integrate.ts'
import { judge } from './judge.ts'

const OWN_CELL = `${FILM}:${TOURISM}`

describe('neighbours that lie about the place (faults 50, 51)', () => {
  test('the neighbour decides, whatever the parent says: a foreign text', () => {
    const matrix = smallMatrix()
    expect(send(matrix, [rawItem(ME, 0, letters('x'), { origin: letter(title(matrix, FAIR), 2) })])).toBe('lead-only')
    expect(send(matrix, [rawItem(ME, 0, letters('x'), { rightOrigin: first(title(matrix, FAIR)) })])).toBe('lead-only')
    expect(send(matrix, [rawItem(ME, 0, letters('x'), { origin: letter(title(matrix, FILM), 2) })])).toBe('in')
  })

  test('left neighbour in the own row, right neighbour in a foreign one, and the other way round', () => {
    const matrix = smallMatrix()
    const mine = letter(title(matrix, FILM), 2)
    const theirs = letter(title(matrix, FAIR), 2)
    expect(send(matrix, [rawItem(ME, 0, letters('x'), { origin: mine, rightOrigin: theirs })])).toBe('unresolvable')
    expect(send(matrix, [rawItem(ME, 0, letters('x'), { origin: theirs, rightOrigin: mine })])).toBe('unresolvable')
  })

  test('a chain that starts in the own row cannot lead into a foreign one', () => {
    const matrix = smallMatrix()
    const chain = [
      rawItem(ME, 0, letters('a'), { origin: letter(title(matrix, FILM), 2) }),
      rawItem(ME, 1, letters('b'), { origin: Y.createID(ME, 0), rightOrigin: first(title(matrix, FAIR)) }),
    ]
    expect(send(matrix, chain)).toBe('unresolvable')
  })

  test('neighbours in the wrong order, in a text of one’s own: no two replicas need agree about the place', () => {
    const matrix = smallMatrix()
    const text = title(matrix, FILM)
    const between = (left: number, right: number) =>
      rawItem(ME, 0, letters('x'), { origin: letter(text, left), rightOrigin: letter(text, right) })
    expect(send(matrix, [between(3, 3)])).toBe('unresolvable')
    expect(send(matrix, [between(5, 2)])).toBe('unresolvable')
    expect(send(matrix, [between(3, 4)])).toBe('in')
    expect(
      send(matrix, [rawItem(ME, 1, letters('y'), { origin: letter(text, 5), rightOrigin: Y.createID(ME, 0) })]),
    ).toBe('unresolvable')
  })

  test('neighbours in the wrong order that arrive together are found out when Yjs has placed them', () => {
    const matrix = smallMatrix()
    const text = title(matrix, FILM)
    const structs = [
      rawItem(ME, 0, letters('x'), { origin: letter(text, 1), rightOrigin: letter(text, 2) }),
      rawItem(ME, 1, letters('y'), { origin: letter(text, 5), rightOrigin: Y.createID(ME, 0) }),
    ]
    const update = encodeRaw({ structs, deletes: NO_DELETES })
    const verdict = judge(
      matrix.doc,
      update,
      officer.personId,
      new Map(),
      decideMatrixChanges(matrix, officer, planFacts()),
    )
    if (!verdict.ok) throw new Error('what stands in the same text is let in')
    expect(integrate(matrix.doc, verdict.value.update, verdict.value.changes, null).faithful).toBe(false)
  })

  test('thousands at one place, in one update, are in order: somebody typed at the beginning for an hour', () => {
    const matrix = smallMatrix()
    const text = title(matrix, FILM)
    const typed = Array.from({ length: 3_000 }, (_, clock) =>
      rawItem(ME, clock, letters('x'), {
        origin: letter(text, 2),
        rightOrigin: clock === 0 ? letter(text, 3) : Y.createID(ME, clock - 1),
      }),
    )
    expect(send(matrix, typed)).toBe('in')
    expect(text.length).toBe(3_013)
  })

  test('a chain that runs to and fro across many clients is resolved', () => {
    const matrix = smallMatrix()
    const start = letter(title(matrix, FILM), 2)
    const [clients, each] = [40, 25]
    const link = (client: number, clock: number): Y.ID => {
      if (client < clients - 1) return Y.createID(ME + client + 1, clock)
      return clock > 0 ? Y.createID(ME, clock - 1) : start
    }
    const chain = Array.from({ length: clients * each }, (_, i) => {
      const [client, clock] = [Math.floor(i / each), i % each]
      return rawItem(ME + client, clock, letters('x'), { origin: link(client, clock) })
    })
    expect(send(matrix, chain)).toBe('in')
    expect(send(matrix, [...chain, rawItem(1, 9_999, letters('x'), { origin: start })])).toBe('gap')
  })

  test('a parent that is no container', () => {
    const matrix = smallMatrix()
    const insideLetters = rawItem(ME, 0, value(1), { parent: first(title(matrix, FILM)), key: 'x' })
    expect(send(matrix, [insideLetters])).toBe('unresolvable')
    const insideValue = rawItem(ME, 0, value(1), { parent: idUnder(row(matrix, FILM), 'progressPct'), key: 'x' })
    expect(send(matrix, [insideValue])).toBe('unresolvable')
  })

  test('a struct that waits for itself or for one behind it', () => {
    const matrix = smallMatrix()
    expect(send(matrix, [rawItem(ME, 0, letters('x'), { origin: Y.createID(ME, 0) })])).toBe('unresolvable')
    const ring = [
      rawItem(ME, 0, letters('x'), { origin: Y.createID(ME + 1, 0) }),
      rawItem(ME + 1, 0, letters('y'), { origin: Y.createID(ME, 0) }),
    ]
    expect(send(matrix, ring)).toBe('unresolvable')
  })

  test('a dead neighbour beside a living one, which Yjs would cut in the middle of a letter', () => {
    const matrix = smallMatrix()
    title(matrix, FAIR).insert(0, '🎬')
    expect(send(matrix, [new Y.GC(Y.createID(ME, 0), 1)])).toBe('in')
    const half = letter(title(matrix, FAIR), 1)
    const dead = rawItem(ME, 1, letters('x'), { origin: Y.createID(ME, 0), rightOrigin: half })
    expect(send(matrix, [dead])).toBe('unresolvable')
    expect(send(matrix, [rawItem(ME, 1, letters('x'), { origin: Y.createID(ME, 0) })])).toBe('in')
  })

  test('something under a key of a text, beside the letters of a map, or inside a letter', () => {
    const matrix = smallMatrix()
    const film = row(matrix, FILM)
    expect(send(matrix, [rawItem(ME, 0, value(1), { parent: idOf(title(matrix, FILM)), key: 'k' })])).toBe(
      'unknown-place',
    )
    expect(send(matrix, [rawItem(ME, 0, letters('x'), { parent: idOf(film) })])).toBe('unknown-place')
    expect(send(matrix, [rawItem(ME, 0, letters('x'), { parent: 'tasks' })])).toBe('unknown-place')
    expect(send(matrix, [rawItem(ME, 0, letters('x'), { parent: 'roles', key: OWN_CELL })])).toBe('bad-value')
  })
})
