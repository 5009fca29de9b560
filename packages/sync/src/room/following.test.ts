import { expect, test } from 'vitest'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { FILM } from '@dongbo/testkit/matrices.ts'
import { coordinator } from '@dongbo/testkit/people.ts'
import { Town } from '@dongbo/testkit/town.ts'

const change =
  (remove: number, insert: string) =>
  (matrix: MatrixDocument): void =>
    editTaskText(matrix, FILM, 'titleVi', { index: 0, remove, insert }, null)

async function twoNodes() {
  const town = new Town(2)
  const [first, second] = town.nodes
  if (first === undefined || second === undefined) throw new Error('there are two')
  const document = await first.house.create()
  const near = await town.enter(first, document, coordinator())
  const far = await town.enter(second, document, coordinator())
  near.edit(change(0, 'A'))
  await town.settle()
  return { town, first, second, document, near, far }
}

test('a node that only follows keeps a short tail, and no live document', async () => {
  const { town, second, document, near, far } = await twoNodes()
  let longest = 0
  for (let round = 0; round < 60; round++) {
    for (let at = 0; at < 20; at++) near.edit(at % 2 === 0 ? change(0, 'B') : change(1, ''))
    await town.settle()
    await town.pass(1_000)
    far.take()
    longest = Math.max(longest, second.house.registry.figures().tailEntries)
  }
  expect(longest).toBeGreaterThan(200)
  expect(longest).toBeLessThan(900)
  expect(second.house.registry.figures()).toMatchObject({ liveRooms: 0 })
  const newcomer = await town.enter(second, document, coordinator())
  expect(readTask(newcomer.matrix, FILM)).toEqual(readTask(near.matrix, FILM))
})

test('a node that judges only for another lets its live document go when nobody writes', async () => {
  const { town, first, far } = await twoNodes()
  await town.pass(31_000)
  expect(first.house.registry.figures().liveRooms).toBe(0)
  far.edit(change(0, 'B'))
  await town.settle()
  expect(first.house.registry.figures().liveRooms).toBe(1)
  await town.pass(31_000)
  expect(first.house.registry.figures().liveRooms).toBe(0)
})
