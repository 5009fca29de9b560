import { describe, expect, test } from 'vitest'
import { instant } from '@dongbo/kernel/clock.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { manualClock } from '@dongbo/testkit/manualClock.ts'
import { FILM } from '@dongbo/testkit/matrices.ts'
import { coordinator, planFacts } from '@dongbo/testkit/people.ts'
import { Town } from '@dongbo/testkit/town.ts'
import { matrixOf } from '@dongbo/model/documentName.ts'
import type { PlanId } from '@dongbo/model/ids.ts'
import type { NodeId } from '../ports/leases.ts'
import { seq } from '../ports/updateLog.ts'
import { Backlog } from './backlog.ts'
import { ForwardedUpdates } from './forwarded.ts'
import type { Answer, Forwarded } from './notices.ts'

const type =
  (insert: string) =>
  (matrix: MatrixDocument): void =>
    editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 0, insert }, null)
const writer = coordinator({ personId: trustedId<PersonId>('writer') })

/** The first judges; `far` and `other` write on the second. */
async function twoNodes() {
  const town = new Town(2)
  const [first, second] = town.nodes
  if (first === undefined || second === undefined) throw new Error('there are two')
  const document = await first.house.create()
  const near = await town.enter(first, document, coordinator())
  const far = await town.enter(second, document, writer)
  const other = await town.enter(second, document, coordinator())
  near.edit(type('A'))
  await town.settle()
  for (const seat of [near, far, other]) seat.take()
  return { town, first, second, document, far, other }
}

describe('what is sent to the node that judges', () => {
  test.each([
    ['the update', 'node/node-1'],
    ['the answer', 'node/node-2'],
  ])('%s is lost while others are answered: it is asked for again', async (_what, lostTopic) => {
    const { town, far, other } = await twoNodes()
    let losing = true
    town.hub.loses = (topic) => losing && topic === lostTopic
    far.edit(type('B'))
    await town.settle()
    losing = false
    for (let at = 0; at < 5; at++) {
      await town.pass(400)
      other.edit(type('C'))
    }
    await town.settle()
    expect(other.takeTypes()).toContain('saved')
    expect(far.takeTypes()).toContain('saved')
  })

  test('a defect while it is judged costs its socket, as it does on its own node, and leaves nothing waiting', async () => {
    const { town, first, second, document, far, other } = await twoNodes()
    const grant = { principal: writer, plan: planFacts() }
    await town.pass(500)
    first.house.grants.set(writer.personId, {
      ...grant,
      get plan(): never {
        throw new Error('a defect')
      },
    })
    far.edit(type('B'))
    far.edit(type('C'))
    await town.settle()
    expect(far.closed).toBe('overloaded')
    for (const { house } of [first, second]) expect(house.registry.figures().backlogBytes).toBe(0)
    other.edit(type('D'))
    await town.settle()
    expect([other.closed, other.takeTypes()]).toEqual([null, ['saved']])
    town.grant(writer, grant)
    await town.pass(500)
    const back = await second.house.enter(document, writer)
    back.edit(type('E'))
    await town.settle()
    expect(back.takeTypes()).toContain('saved')
  })

  test('who may not read the document any more, as the judge knows first, is closed at once', async () => {
    const { town, first, far } = await twoNodes()
    first.house.grants.set(writer.personId, null)
    far.edit(type('B'))
    await town.settle()
    expect(far.closed).toBe('no-such-document')
  })
})

describe('the updates of one connection elsewhere', () => {
  const NOW = instant(1_000)
  const grant = { principal: writer, plan: planFacts() }

  function forwarding() {
    const backlog = new Backlog(manualClock())
    const said: [number, Answer['as']][] = []
    const forwarded = new ForwardedUpdates(backlog, ({ request }, { as }) => void said.push([request, as]))
    return { backlog, said, forwarded }
  }

  function update(request: number, previous: number): Forwarded {
    return {
      ...{ kind: 'forward', document: matrixOf(trustedId<PlanId>('kh-2026')), request, previous },
      author: { node: 'node-2' as NodeId, room: 1, member: 3 },
      ...{ sessionId: 'writer', reply: false, doubtedId: null, update: Uint8Array.of(0, 0) },
    }
  }

  test('what was in flight behind a refused one waits for nothing', () => {
    const { backlog, said, forwarded } = forwarding()
    const refused = forwarded.take(update(1, 0), grant, NOW)
    const behind = forwarded.take(update(2, 1), grant, NOW)
    if (refused === null || behind === null) throw new Error('both are taken')
    forwarded.placed(behind, seq(9), seq(1))
    forwarded.contested(behind)
    const refusal = { code: 'unknown-place', path: [] } as const
    forwarded.decided(refused, { as: 'refused', refusal }, seq(1))
    backlog.leave(refused.ticket)
    expect(said).toEqual([[1, 'refused']])
    expect(forwarded.sessions()).toEqual([])
    expect(backlog.bytes).toBe(0)
    expect(forwarded.take(update(3, 2), grant, NOW)).toBeNull()
  })

  test('a connection that was silent for long is forgotten, and nothing of it that comes late is taken', () => {
    const { said, forwarded } = forwarding()
    const refused = forwarded.take(update(1, 0), grant, NOW)
    if (refused === null) throw new Error('it is taken')
    const refusal = { code: 'unknown-place', path: [] } as const
    forwarded.decided(refused, { as: 'refused', refusal }, seq(1))
    expect(forwarded.take(update(1, 0), grant, NOW)).toBeNull()
    expect(said).toEqual([
      [1, 'refused'],
      [1, 'refused'],
    ])
    const later = instant(NOW + 60_000)
    expect(forwarded.take(update(2, 1), grant, later)).toBeNull()
    // Whoever asks for the first one again has it judged again.
    expect(forwarded.take(update(1, 0), grant, later)).not.toBeNull()
  })
})
