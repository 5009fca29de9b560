import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { PersonId } from '@dongbo/model/ids.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { PERSON_CLIENTS_LIMIT } from '@dongbo/protocol/limits.ts'
import { first, letter, letters, ME, officer, row, send, title, value } from '@dongbo/testkit/attacker.ts'
import { FAIR, FILM, smallMatrix, SURVEY } from '@dongbo/testkit/matrices.ts'
import { CULTURE, OFFICE, person, planFacts, TOURISM } from '@dongbo/testkit/people.ts'
import { idOf, idUnder, NO_DELETES, rawItem, type Struct } from '@dongbo/testkit/rawUpdate.ts'

const VICTIM = 777
const OWN_CELL = `${FILM}:${TOURISM}`
const FOREIGN_CELL = `${FAIR}:${CULTURE}`

describe('contents that no document of ours holds (faults 44, 45)', () => {
  const text = (matrix: MatrixDocument) => ({ origin: letter(title(matrix, FILM), 2) })
  test.each<[string, () => Y.Item['content']]>([
    ['a format mark', () => new Y.ContentFormat('bold', 'true')],
    ['an embed', () => new Y.ContentEmbed({ image: 'x' })],
    ['binary', () => new Y.ContentBinary(Uint8Array.of(1, 2))],
    ['a plain value', () => value('x')],
    ['JSON', () => new Y.ContentJSON([{ a: 1 }])],
    ['a map', () => new Y.ContentType(new Y.Map())],
    ['a text', () => new Y.ContentType(new Y.Text())],
  ])('%s in a text of one’s own', (_what, content) => {
    const matrix = smallMatrix()
    expect(send(matrix, [rawItem(ME, 0, content(), text(matrix))])).toBe('unknown-place')
  })

  test.each<[string, () => Y.Item['content']]>([
    ['a map', () => new Y.ContentType(new Y.Map())],
    ['a list', () => new Y.ContentType(new Y.Array())],
    ['XML', () => new Y.ContentType(new Y.XmlElement('p'))],
    ['JSON', () => new Y.ContentJSON([['coordinate']])],
    ['binary', () => new Y.ContentBinary(Uint8Array.of(1))],
    ['two values at once', () => value(['coordinate'], ['coordinate'])],
    ['undefined', () => value(undefined)],
    ['an object that sets its own prototype', () => value(JSON.parse('{"__proto__": {"length": 1}}'))],
    ['a role twice', () => value(['coordinate', 'coordinate'])],
    ['roles in another order', () => value(['advise', 'coordinate'])],
    ['no role at all', () => value([])],
  ])('%s in a cell of one’s own', (_what, content) => {
    const matrix = smallMatrix()
    expect(send(matrix, [rawItem(ME, 0, content(), { parent: 'roles', key: OWN_CELL })])).toBe('bad-value')
    expect(send(matrix, [rawItem(ME, 0, value(['coordinate']), { parent: 'roles', key: OWN_CELL })])).toBe('in')
  })

  test('more letters than a text may hold, at once or bit by bit; it can always be shortened', () => {
    const matrix = smallMatrix()
    const room = 8_000 - title(matrix, FILM).length
    const typed = (clock: number, count: number) => [rawItem(ME, clock, letters('x'.repeat(count)), text(matrix))]
    expect(send(matrix, typed(0, room + 1))).toBe('bad-value')
    expect(send(matrix, typed(0, room))).toBe('in')
    expect(send(matrix, typed(room, 1))).toBe('bad-value')
    expect(send(matrix, [], new Map([[ME, [{ clock: 0, len: 10 }]]]))).toBe('in')
    expect(send(matrix, typed(room, 1))).toBe('in')
  })

  test('a sub-document is not even decoded', () => {
    const matrix = smallMatrix()
    const sub = rawItem(ME, 0, new Y.ContentDoc(new Y.Doc({ guid: 'x' })), { parent: 'roles', key: OWN_CELL })
    expect(send(matrix, [sub])).toBe('malformed')
  })
})

describe('names that are special to JavaScript (fault 67)', () => {
  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])('%s', (name) => {
    const matrix = smallMatrix()
    const film = idOf(row(matrix, FILM))
    const put = (parent: string | Y.ID, key: string) => rawItem(ME, 0, value(['coordinate']), { parent, key })
    const chief = { by: person({ planRole: 'coordinator' }) }
    // Some are well-formed ids; a task or a group is then still no list of roles.
    expect(send(matrix, [put('tasks', name)], NO_DELETES, chief)).toMatch(/unknown-place|bad-value/)
    expect(send(matrix, [put('groups', name)], NO_DELETES, chief)).toMatch(/unknown-place|bad-value/)
    expect(send(matrix, [put(film, name)])).toBe('unknown-place')
    expect(send(matrix, [put('roles', name)])).toBe('unknown-place')
    expect(send(matrix, [put('roles', `${name}:${TOURISM}`)])).toMatch(/unknown-place|task-gone/)
    expect(send(matrix, [put('roles', `${FILM}:${name}`)])).toMatch(/unknown-place|column-body-ended/)
    expect(send(matrix, [put(name, 'x')])).toBe('unknown-place')
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('x')
  })

  test('a key that joins two names of a path is neither of them', () => {
    const matrix = smallMatrix()
    const film = idOf(row(matrix, FILM))
    const both = [
      rawItem(ME, 0, value('anything'), { parent: 'tasks', key: `${FILM}\0progressPct` }),
      rawItem(ME, 1, value(50), {
        parent: film,
        key: 'progressPct',
        origin: idUnder(row(matrix, FILM), 'progressPct'),
      }),
    ]
    expect(send(matrix, both)).toBe('unknown-place')
    const root = [
      rawItem(ME, 0, letters('a'), { origin: letter(title(matrix, FILM), 2) }),
      rawItem(ME, 1, letters('b'), { parent: `tasks\0${FILM}\0titleVi` }),
    ]
    expect(send(matrix, root)).toBe('unknown-place')
  })
})

describe('one key, several values in one update', () => {
  test('each of them is judged, wherever Yjs puts it', () => {
    const matrix = smallMatrix()
    const good = ['coordinate']
    const bad = ['approve']
    const at = { parent: 'roles', key: OWN_CELL }
    // The second says that it stands to the left of the first, so the first would win.
    const crossed = [
      rawItem(ME, 0, value(bad), at),
      rawItem(ME, 1, value(good), { ...at, rightOrigin: Y.createID(ME, 0) }),
    ]
    expect(send(matrix, crossed)).not.toBe('in')
    const siblings = [rawItem(ME, 0, value(bad), at), rawItem(ME + 1, 0, value(good), at)]
    expect(send(matrix, siblings)).toBe('role-given-by-coordinator')
    expect(send(matrix, [...siblings].toReversed())).toBe('role-given-by-coordinator')
    const twice = [rawItem(ME, 0, value(bad), at), rawItem(ME, 1, value(good), at)]
    expect(send(matrix, twice)).toBe('role-given-by-coordinator')
  })

  test('a value that loses its place cannot hide that the key is emptied', () => {
    const matrix = smallMatrix()
    const film = row(matrix, FILM)
    const standing = idUnder(film, 'status')
    // Concurrent with what stands, and of a lower client id than its author's: it loses, and the deletion empties the field.
    const loser = rawItem(0, 0, value('in_progress'), { parent: idOf(film), key: 'status' })
    const erase = new Map([[standing.client, [{ clock: standing.clock, len: 1 }]]])
    expect(send(matrix, [loser], erase)).toBe('field-erased')
    expect(film.get('status')).toBe('in_progress')
    const rightOfIt = rawItem(ME, 0, value('in_progress'), { origin: standing })
    expect(send(matrix, [rightOfIt], erase)).toBe('in')
  })

  test('a dead value to the right of a good one empties the key just the same', () => {
    const matrix = smallMatrix()
    const film = row(matrix, FILM)
    const good = rawItem(ME, 0, value(50), { origin: idUnder(film, 'progressPct') })
    const dead = rawItem(ME, 1, new Y.ContentDeleted(1), { origin: Y.createID(ME, 0) })
    expect(send(matrix, [good, dead])).toBe('field-erased')
    const killed = rawItem(ME, 1, value(60), { origin: Y.createID(ME, 0) })
    expect(send(matrix, [good, killed], new Map([[ME, [{ clock: 1, len: 1 }]]]))).toBe('field-erased')
  })

  test('a mere tombstone takes away what stands under its key', () => {
    const matrix = smallMatrix()
    const tombstone = rawItem(0, 0, new Y.ContentDeleted(1), { parent: 'roles', key: FOREIGN_CELL })
    matrix.roles.set(FOREIGN_CELL, ['inform'])
    // Left of what stands it is without effect, to its right it erases.
    expect(send(matrix, [tombstone])).toBe('in')
    expect(matrix.roles.get(FOREIGN_CELL)).toEqual(['inform'])
    const ofHigherId = rawItem(ME, 0, new Y.ContentDeleted(1), { parent: 'roles', key: FOREIGN_CELL })
    expect(send(matrix, [ofHigherId])).toBe('other-bodys-cell')
    const behind = rawItem(0, 1, new Y.ContentDeleted(1), {
      origin: idUnder(matrix.roles as Y.Map<unknown>, FOREIGN_CELL),
    })
    expect(send(matrix, [behind])).toBe('other-bodys-cell')
  })
})

describe('clocks of somebody else (faults 36, 38, 40)', () => {
  const owners = new Map([[VICTIM, 'somebody-else' as PersonId]])
  test.each<[string, Struct]>([
    ['a dead struct', new Y.GC(Y.createID(VICTIM, 0), 5)],
    ['letters', rawItem(VICTIM, 0, letters('x'), { parent: 'roles' })],
    ['a tombstone', rawItem(VICTIM, 0, new Y.ContentDeleted(3), { parent: 'roles', key: OWN_CELL })],
  ])('%s under a victim’s id', (_what, struct) => {
    expect(send(smallMatrix(), [struct], NO_DELETES, { owners })).toBe('foreign-client-id')
  })

  test('a skip, which would leave a hole', () => {
    const matrix = smallMatrix()
    const hole = [new Y.Skip(Y.createID(ME, 0), 5), rawItem(ME, 5, letters('x'), { parent: 'roles' })]
    expect(send(matrix, hole)).toBe('malformed')
  })

  test('a deletion that reaches into clocks yet to come (fault 52)', () => {
    const matrix = smallMatrix()
    const known = Y.getState(matrix.doc.store, 1)
    expect(send(matrix, [], new Map([[1, [{ clock: known, len: 5 }]]]))).toBe('gap')
    expect(send(matrix, [], new Map([[1, [{ clock: known - 1, len: 5 }]]]))).toBe('gap')
    expect(send(matrix, [], new Map([[VICTIM, [{ clock: 0, len: 1 }]]]))).toBe('gap')
    expect(matrix.doc.store.pendingDs).toBeNull()
  })

  test('a deletion of everything, of a foreign letter, of a foreign cell', () => {
    const matrix = smallMatrix()
    const known = Y.getState(matrix.doc.store, 1)
    expect(send(matrix, [], new Map([[1, [{ clock: 0, len: known }]]]))).not.toBe('in')
    const theirs = first(title(matrix, FAIR))
    expect(send(matrix, [], new Map([[1, [{ clock: theirs.clock, len: 1 }]]]))).toBe('lead-only')
    const cell = idUnder(matrix.roles as Y.Map<unknown>, `${FILM}:${OFFICE}`)
    expect(send(matrix, [], new Map([[1, [{ clock: cell.clock, len: 1 }]]]))).toBe('other-bodys-cell')
  })

  test('a struct that begins in its author’s own dead ticks', () => {
    const matrix = smallMatrix()
    expect(send(matrix, [new Y.GC(Y.createID(ME, 0), 1)])).toBe('in')
    const behind = rawItem(ME, 0, letters('ab'), { origin: letter(title(matrix, FILM), 2) })
    // Its dead beginning is cut off, and what stands behind a dead struct is dead.
    expect(send(matrix, [behind])).toBe('in')
    expect(title(matrix, FILM).toString()).toBe('Phim tài liệu')
  })
})

describe('known structs that say something new', () => {
  const reader = { by: person({ planRole: 'observer' }) }
  test('a neighbour that nobody has does not make Yjs wait', () => {
    const matrix = smallMatrix()
    const waiting = rawItem(1, 0, value('x'), { origin: Y.createID(VICTIM, 9) })
    expect(send(matrix, [waiting], NO_DELETES, reader)).toBe('client-id-taken')
    const ofItself = rawItem(1, 0, value('x'), { origin: Y.createID(1, 1e6) })
    expect(send(matrix, [ofItself], NO_DELETES, reader)).toBe('client-id-taken')
    expect(matrix.doc.store.pendingStructs).toBeNull()
  })

  test('a neighbour in the middle of a letter does not cut the letter in two', () => {
    const matrix = smallMatrix()
    title(matrix, FAIR).insert(0, '🎬')
    const clapper = first(title(matrix, FAIR))
    const inside = rawItem(1, 0, value('x'), { origin: clapper })
    expect(send(matrix, [inside], NO_DELETES, reader)).toBe('client-id-taken')
    expect(title(matrix, FAIR).toString()).toBe('🎬Hội chợ quốc tế')
  })
})

describe('client ids are a budget', () => {
  test('one person cannot use up what the others need', () => {
    const matrix = smallMatrix()
    const used = new Map(Array.from({ length: PERSON_CLIENTS_LIMIT }, (_, id) => [10_000 + id, officer.personId]))
    const typed = (client: number) => [rawItem(client, 0, letters('x'), { origin: letter(title(matrix, FILM), 2) })]
    expect(send(matrix, typed(ME), NO_DELETES, { owners: used })).toBe('too-many-client-ids')
    expect(send(matrix, typed(10_000), NO_DELETES, { owners: used })).toBe('in')
    const others = new Map([...used.keys()].map((id) => [id, 'somebody-else' as PersonId]))
    expect(send(matrix, typed(ME), NO_DELETES, { owners: others })).toBe('in')
  })
})

describe('who may not write at all (fault 53)', () => {
  const reader = { by: person({ planRole: 'observer' }) }
  test('an observer leaves nothing, not even dead ticks or a client id', () => {
    const matrix = smallMatrix()
    matrix.tasks.delete(SURVEY)
    const gone = matrix.tasks._map.get(SURVEY)
    if (gone === undefined) throw new Error('the fixture had this task')
    expect(send(matrix, [new Y.GC(Y.createID(ME, 0), 1)], NO_DELETES, reader)).toBe('observer')
    const late = rawItem(ME, 0, letters('x'), { parent: gone.id, key: 'titleVi' })
    expect(send(matrix, [late], NO_DELETES, reader)).toBe('observer')
    expect(send(matrix, [late], NO_DELETES, { plan: planFacts({ planStatus: 'closed' }) })).toBe('plan-closed')
    expect(send(matrix, [late], NO_DELETES, { by: person({ bodyValid: false }) })).toBe('body-ended')
    // What everybody has already is nothing new, from whomever.
    expect(send(matrix, [], NO_DELETES, reader)).toBe('in')
  })
})
