import { describe, expect, test } from 'vitest'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { FILM } from '@dongbo/testkit/matrices.ts'
import { coordinator, person } from '@dongbo/testkit/people.ts'
import type { Seat } from '@dongbo/testkit/seats.ts'
import { Town, type NodeHouse } from '@dongbo/testkit/town.ts'
import { LEASE_MS } from '../ports/leases.ts'

const type =
  (insert: string) =>
  (matrix: MatrixDocument): void =>
    editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 0, insert }, null)
const titleAt = ({ matrix }: Seat): string | undefined => readTask(matrix, FILM)?.titleVi
const TITLE = 'Phim tài liệu'

/** Two nodes; the first judges the document because it was written there first. */
async function twoNodes() {
  const town = new Town(2)
  const [first, second] = town.nodes
  if (first === undefined || second === undefined) throw new Error('there are two')
  const document = await first.house.create()
  const near = await town.enter(first, document, coordinator())
  const far = await town.enter(second, document, coordinator())
  near.edit(type('A'))
  await town.settle()
  near.take()
  far.take()
  return { town, first, second, document, near, far }
}

async function durableTitle({ house }: NodeHouse, document: Awaited<ReturnType<typeof twoNodes>>['document']) {
  return readTask(await house.durable(document), FILM)?.titleVi
}

describe('one node judges, the other follows', () => {
  test('what is written on either is told on the other, once it is durable, and acknowledged to its author', async () => {
    const { town, first, second, document, near, far } = await twoNodes()
    expect([titleAt(near), titleAt(far)]).toEqual([`A${TITLE}`, `A${TITLE}`])
    far.edit(type('B'))
    await town.settle()
    expect(far.takeTypes()).toEqual(['saved'])
    expect(near.takeTypes()).toEqual(['update'])
    expect([titleAt(near), titleAt(far)]).toEqual([`BA${TITLE}`, `BA${TITLE}`])
    expect(await durableTitle(first, document)).toBe(`BA${TITLE}`)
    // Only the judge has written.
    expect([first.house.log.batches.length, second.house.log.batches.length]).toEqual([2, 0])
    expect([...first.house.reports, ...second.house.reports, ...first.failures, ...second.failures]).toEqual([])
  })

  test('nothing is told or acknowledged on the other node before it is durable', async () => {
    const { town, first, near, far } = await twoNodes()
    first.house.log.holdsAppends = true
    far.edit(type('B'))
    await town.settle()
    expect([far.takeTypes(), near.takeTypes()]).toEqual([[], []])
    first.house.log.release()
    await town.settle()
    expect([far.takeTypes(), near.takeTypes()]).toEqual([['saved'], ['update']])
  })

  test('what may not be written is refused by the judge, with its place', async () => {
    const { town, second, document } = await twoNodes()
    const officer = await town.enter(second, document, person({ planRole: 'observer' }))
    officer.edit(type('B'))
    officer.edit(type('C'))
    await town.settle()
    expect(officer.take().filter((heard) => heard.type === 'refused')).toMatchObject([{ count: 1 }])
    expect(officer.closed).toBeNull()
    expect(await durableTitle(second, document)).toBe(`A${TITLE}`)
  })

  test('a right that was taken away counts on the other node within half a second', async () => {
    const { town, first, second, document } = await twoNodes()
    const chief = coordinator()
    const officer = await town.enter(second, document, chief)
    officer.edit(type('B'))
    await town.settle()
    expect(officer.takeTypes()).toEqual(['saved'])
    town.grant(chief, null)
    await town.pass(500)
    officer.edit(type('C'))
    await town.settle()
    expect(officer.takeTypes()).toEqual([])
    expect(await durableTitle(first, document)).toBe(`BA${TITLE}`)
  })
})

describe('the judge goes', () => {
  test('dead without a word: the other judges within a lease, what was not answered is in once, no socket closes', async () => {
    const { town, first, second, document, far } = await twoNodes()
    first.bus.connected = false
    far.edit(type('B'))
    await town.pass(4_000, second)
    expect(far.takeTypes()).toEqual([])
    far.edit(type('C'))
    await town.pass(2_000, second)
    expect(far.takeTypes()).toContain('saved')
    expect(far.closed).toBeNull()
    expect(await durableTitle(second, document)).toBe(`CBA${TITLE}`)
  })
})

describe('a client id whose first edit was fenced off', () => {
  test('belongs to its writer once the edit is in, whoever judges', async () => {
    const { town, first, second, document, far } = await twoNodes()
    const writer = coordinator({ personId: trustedId<PersonId>('writer') })
    const near = await town.enter(first, document, writer)
    first.house.log.holdsAppends = true
    near.edit(type('X'))
    await town.settle()
    second.bus.connected = false
    far.edit(type('B'))
    await town.pass(2_000, second)
    expect(far.takeTypes()).toContain('saved')
    // The other falls silent, and its lease ends: whoever was fenced off judges again, and the same edits.
    town.storeClock.advance(LEASE_MS + 1)
    first.house.log.holdsAppends = false
    first.house.log.release()
    await town.pass(1_000, first)
    expect(near.takeTypes()).toContain('saved')
    const clientId = near.matrix.doc.clientID
    expect(first.house.log.kept.documents.get(document)?.owners.get(clientId)).toBe(writer.personId)
    first.bus.connected = false
    const third = town.addNode()
    const other = await town.enter(third, document, coordinator())
    other.matrix.doc.clientID = clientId
    other.edit(type('Y'))
    await town.pass(LEASE_MS + 1_000, third)
    expect(other.take().filter((heard) => heard.type === 'refused')).toMatchObject([{ code: 'foreign-client-id' }])
  })
})

describe('a database that lags behind takes over from the one before (fault 18)', () => {
  test('the room is thrown away and read anew before anything is written behind the hole', async () => {
    const { town, first, document, near, far } = await twoNodes()
    first.house.log.kept.documents.get(document)?.entries.pop()
    await town.look()
    expect([near.closed, far.closed]).toEqual(['restart', 'restart'])
    expect(first.house.reports).toEqual(['failed the log has gone back'])
    const back = await town.enter(first, document, coordinator())
    expect(titleAt(back)).toBe(TITLE)
    back.edit(type('B'))
    await town.settle()
    expect(back.takeTypes()).toEqual(['saved'])
    expect(await durableTitle(first, document)).toBe(`B${TITLE}`)
  })

  test('a document that may not be opened any more is shown to nobody any more', async () => {
    const { town, first, document, near, far } = await twoNodes()
    first.house.log.kept.documents.delete(document)
    await town.look()
    expect([near.closed, far.closed]).toEqual(['restart', 'restart'])
  })

  test('a commit that ends while the question is answered is not taken for it', async () => {
    const { town, first, near } = await twoNodes()
    first.house.log.holdsHeads = true
    const looking = first.house.registry.lookForNews()
    near.edit(type('B'))
    await town.settle()
    first.house.log.release()
    await looking
    expect(near.closed).toBeNull()
    expect(near.takeTypes()).toEqual(['saved'])
  })
})

describe('who is there is told across nodes', () => {
  const names = (seat: Seat): readonly unknown[] =>
    seat.take().flatMap((heard) => (heard.type === 'presence' ? heard.states.map(({ state }) => state) : []))

  test('who comes hears who is elsewhere, cursors are told, and who leaves is gone at once', async () => {
    const { town, first, second, document, near } = await twoNodes()
    const officer = person()
    const late = await town.enter(second, document, officer)
    await town.settle()
    late.sendPresence([{ id: 7, clock: 1, state: JSON.stringify({ cursor: { task: 'NV-I-1' } }) }])
    await town.pass(200)
    expect(names(near)).toContainEqual({
      user: { personId: officer.personId, name: officer.displayName, bodyId: officer.bodyId },
      cursor: { task: 'NV-I-1' },
    })
    // He hears at once who is on the other node, before anything changes there.
    const newcomer = await second.house.join(document, officer)
    const chief = coordinator()
    expect(names(newcomer)).toContainEqual(
      expect.objectContaining({ user: expect.objectContaining({ personId: chief.personId }) }),
    )
    late.leave()
    await town.settle()
    expect(names(near)).toContain(null)
    expect(first.house.reports).toEqual([])
  })

  test('a node that opens the document hears who is there already, and one that died is forgotten', async () => {
    const town = new Town(2)
    const [first, second] = town.nodes
    if (first === undefined || second === undefined) throw new Error('there are two')
    const document = await first.house.create()
    await town.enter(first, document, coordinator())
    await town.settle()
    await town.enter(second, document, person())
    await town.settle()
    const newcomer = await second.house.join(document, person())
    expect(names(newcomer)).toHaveLength(2)
    first.bus.connected = false
    await town.pass(31_000, second)
    const later = await second.house.join(document, person())
    const heard = names(later)
    expect(heard).toHaveLength(2)
    expect(heard).not.toContainEqual(
      expect.objectContaining({ user: expect.objectContaining({ personId: coordinator().personId }) }),
    )
  })
})
