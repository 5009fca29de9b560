import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import { trustedId, type PersonId, type TaskId } from '@dongbo/model/ids.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { removeTask } from '@dongbo/model/matrix/operations/removeTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { openMatrix, taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { CELL_ROLES } from '@dongbo/model/role.ts'
import { FAIR, FILM, replicaOf, SECTION, smallMatrix, updateOf } from '@dongbo/testkit/matrices.ts'
import { pick } from '@dongbo/testkit/mutations.ts'
import { coordinator, CULTURE, planFacts, TOURISM } from '@dongbo/testkit/people.ts'
import { decideMatrixChanges } from './decideMatrixChanges.ts'
import { integrate } from './integrate.ts'
import { judge } from './judge.ts'

const chief = coordinator()
const OWNERS = new Map<number, PersonId>()

/** The verdict in one word; `known` when there is nothing new in the update. */
function send(matrix: MatrixDocument, update: Uint8Array, doubtedId: number | null = null): string {
  const decide = decideMatrixChanges(matrix, chief, planFacts())
  const verdict = judge(matrix.doc, update, chief.personId, OWNERS, decide, doubtedId)
  if (!verdict.ok) return verdict.error.code
  const { emitted, faithful } = integrate(matrix.doc, verdict.value.update, verdict.value.changes, null)
  if (!faithful) return 'unfaithful'
  return emitted === null ? 'known' : 'in'
}

const title = (matrix: MatrixDocument): Y.Text => {
  const text = taskText(matrix, FILM, 'titleVi')
  if (text === null) throw new Error('the fixture has this text')
  return text
}

describe('two copies under one client id', () => {
  const twins = (): [MatrixDocument, MatrixDocument, MatrixDocument] => {
    const matrix = smallMatrix()
    return [matrix, replicaOf(matrix, 77), replicaOf(matrix, 77)]
  }

  test.each([
    {
      what: 'other letters',
      one: (m: MatrixDocument) => title(m).insert(0, 'abc'),
      other: (m: MatrixDocument) => title(m).insert(0, 'abx'),
    },
    {
      what: 'the same letters elsewhere',
      one: (m: MatrixDocument) => title(m).insert(0, 'a'),
      other: (m: MatrixDocument) => title(m).insert(1, 'a'),
    },
    {
      what: 'another value',
      one: (m: MatrixDocument) => setTaskValue(m, FILM, 'progressPct', 10, null),
      other: (m: MatrixDocument) => setTaskValue(m, FILM, 'progressPct', 20, null),
    },
    {
      what: 'the same value under another key',
      one: (m: MatrixDocument) => setTaskValue(m, FILM, 'progressPct', 10, null),
      other: (m: MatrixDocument) => setTaskValue(m, FILM, 'quantity', 10, null),
    },
    {
      what: 'letters for a value',
      one: (m: MatrixDocument) => title(m).insert(0, 'a'),
      other: (m: MatrixDocument) => setTaskValue(m, FILM, 'progressPct', 20, null),
    },
    {
      what: 'more behind a different beginning',
      one: (m: MatrixDocument) => title(m).insert(0, 'ab'),
      other: (m: MatrixDocument) => title(m).insert(0, 'xbcdef'),
    },
  ])('$what: the second is told so, and nothing of it is in', ({ one, other }) => {
    const [matrix, a, b] = twins()
    expect(send(matrix, updateOf(a, one))).toBe('in')
    const before = Y.encodeStateAsUpdate(matrix.doc)
    expect(send(matrix, updateOf(b, other))).toBe('client-id-taken')
    expect(Y.encodeStateAsUpdate(matrix.doc)).toEqual(before)
  })

  test('who wrote the same may go on', () => {
    const [matrix, a, b] = twins()
    expect(
      send(
        matrix,
        updateOf(a, (m) => title(m).insert(0, 'ab')),
      ),
    ).toBe('in')
    expect(
      send(
        matrix,
        updateOf(b, (m) => title(m).insert(0, 'abcd')),
      ),
    ).toBe('in')
    expect(title(matrix).toString()).toBe('abcdPhim tài liệu')
  })

  test('who has deleted since then what the document still shows sends it without its content', () => {
    const [matrix, a] = twins()
    expect(
      send(
        matrix,
        updateOf(a, (m) => title(m).insert(0, 'ab')),
      ),
    ).toBe('in')
    title(a).delete(0, 2)
    expect(send(matrix, Y.encodeStateAsUpdate(a.doc))).toBe('in')
    expect(title(matrix).toString()).toBe('Phim tài liệu')
  })

  test('what was deleted and collected meanwhile proves nothing, its place does', () => {
    const [matrix, a, b] = twins()
    expect(
      send(
        matrix,
        updateOf(a, (m) => title(m).insert(0, 'ab')),
      ),
    ).toBe('in')
    expect(
      send(
        matrix,
        updateOf(a, (m) => title(m).delete(0, 2)),
      ),
    ).toBe('in')
    const elsewhere = replicaOf(smallMatrix(), 77)
    expect(
      send(
        matrix,
        updateOf(elsewhere, (m) => title(m).insert(3, 'ab')),
      ),
    ).toBe('client-id-taken')
    expect(
      send(
        matrix,
        updateOf(b, (m) => title(m).insert(0, 'ab')),
      ),
    ).toBe('known')
  })
})

describe('under a doubted id, where the document has only what was deleted', () => {
  const DOUBTED = 77
  const insert = (letters: string) => (matrix: MatrixDocument) => title(matrix).insert(0, letters)
  const wipe = (matrix: MatrixDocument): void => title(matrix).delete(0, 2)

  /** Somebody wrote two letters under the id, and they are deleted and collected. */
  function deleted(): MatrixDocument {
    const matrix = smallMatrix()
    const one = replicaOf(matrix, DOUBTED)
    expect(send(matrix, updateOf(one, insert('ab')))).toBe('in')
    expect(send(matrix, updateOf(one, wipe))).toBe('in')
    return matrix
  }

  test.each(['x', 'xy', 'xyz'])('the other copy’s living letters %j are refused, not dropped as known', (letters) => {
    const matrix = deleted()
    const update = updateOf(replicaOf(smallMatrix(), DOUBTED), insert(letters))
    expect(send(matrix, update, DOUBTED)).toBe('client-id-taken')
    expect(title(matrix).toString()).toBe('Phim tài liệu')
  })

  test('what its copy has deleted itself is no loss, also where it still tells the letters', () => {
    const matrix = deleted()
    const doc = new Y.Doc({ gc: false })
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(smallMatrix().doc))
    doc.clientID = DOUBTED
    const other = openMatrix(doc)
    insert('xy')(other)
    wipe(other)
    expect(send(matrix, Y.encodeStateAsUpdate(doc), DOUBTED)).toBe('known')
  })

  test('a copy that has heard of the deletion comes back in peace', () => {
    const matrix = deleted()
    expect(send(matrix, Y.encodeStateAsUpdate(replicaOf(matrix, DOUBTED).doc), DOUBTED)).toBe('known')
  })

  test('another id of the same update is as undoubted as ever', () => {
    const matrix = deleted()
    expect(send(matrix, updateOf(replicaOf(smallMatrix(), DOUBTED), insert('ab')), DOUBTED + 1)).toBe('known')
  })
})

/** A person's copy; one of them never collects what was deleted. */
interface Copy {
  readonly matrix: MatrixDocument
  readonly vectors: Uint8Array[]
}

function copyOf(matrix: MatrixDocument, clientId: number, gc: boolean): Copy {
  const doc = new Y.Doc({ gc })
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(matrix.doc))
  doc.clientID = clientId
  return { matrix: openMatrix(doc), vectors: [Uint8Array.of(0)] }
}

function edit(random: Random, matrix: MatrixDocument): void {
  const task = pick(random, [FILM, FAIR])
  const text = taskText(matrix, task, pick(random, ['titleVi', 'noteVi']))
  const length = text?.length ?? 0
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      // Also between the halves of a surrogate pair.
      return text?.insert(random.below(length + 1), pick(random, ['a', 'đường', '🎬🎭', 'một đoạn dài hơn']))
    case 3:
    case 4: {
      const at = random.below(length + 1)
      return text?.delete(at, Math.min(length - at, 1 + random.below(9)))
    }
    case 5:
      return setTaskValue(matrix, task, 'progressPct', random.below(101), null)
    case 6:
      return setCellRoles(matrix, task, pick(random, [CULTURE, TOURISM]), [pick(random, CELL_ROLES)], null)
    default: {
      // Two who add the same task at once would replace each other's.
      const id = trustedId<TaskId>(`NV-X-${matrix.doc.clientID}`)
      if (matrix.tasks.has(id)) return removeTask(matrix, id, null)
      return addTask(matrix, { id, groupId: SECTION, texts: { titleVi: 'Mới' } }, null)
    }
  }
}

/** Something that this copy or the wire has already brought once, put together in another way. */
function resend(random: Random, copies: readonly Copy[], sent: readonly Uint8Array[]): Uint8Array {
  const copy = pick(random, copies)
  const from = random.below(sent.length)
  const merged = (): Uint8Array => Y.mergeUpdates(sent.slice(from, from + 1 + random.below(12)))
  switch (random.below(5)) {
    case 0:
      return pick(random, sent)
    case 1:
      return merged()
    case 2:
      return Y.diffUpdate(merged(), pick(random, copy.vectors))
    case 3:
      return Y.encodeStateAsUpdate(copy.matrix.doc)
    default:
      return Y.encodeStateAsUpdate(copy.matrix.doc, pick(random, copy.vectors))
  }
}

describe('an honest resend is never taken for a contradiction', () => {
  const SEEDS = 25
  let resent = 0

  test.each(Array.from({ length: SEEDS }, (_, seed) => seed))('seed %i', (seed) => {
    const random = seededRandom(seed)
    const server = smallMatrix()
    const copies = [copyOf(server, 10, true), copyOf(server, 11, false), copyOf(server, 12, true)]
    const sent: Uint8Array[] = []
    const told: Uint8Array[] = []
    const heard = new Map<Copy, number>(copies.map((copy) => [copy, 0]))
    server.doc.on('update', (update: Uint8Array) => told.push(update))
    for (let step = 0; step < 100; step++) {
      const copy = pick(random, copies)
      const update = updateOf(copy.matrix, (matrix) => edit(random, matrix))
      expect(['in', 'known'], `seed ${seed}, step ${step}`).toContain(send(server, update))
      sent.push(update)
      copy.vectors.push(Y.encodeStateVector(copy.matrix.doc))
      // Each hears what the others did at its own pace.
      const listener = pick(random, copies)
      const upTo = Math.min(told.length, (heard.get(listener) ?? 0) + random.below(6))
      for (const one of told.slice(heard.get(listener), upTo)) Y.applyUpdate(listener.matrix.doc, one)
      heard.set(listener, upTo)
      for (let i = 0; i < 9; i++) {
        const again = resend(random, copies, sent)
        const input = `seed ${seed}, step ${step}: ${Buffer.from(again).toString('base64')}`
        expect(send(server, again), input).toBe('known')
        resent++
      }
    }
  })

  test('the runs were not vacuous', () => {
    expect(resent).toBeGreaterThanOrEqual(20_000)
  })
})
